// lstm.dense in oneDNN: one LSTM layer in float32, forward for training and backward.
//
//   onednn_lstm BATCH STEPS INPUTS HIDDEN
//
// Speaks the protocol of bench/support/peer.lua. Threads: OMP_NUM_THREADS. oneDNN
// chooses the layouts of its weights and they are brought into these before the
// clock starts, though a training step, after which the weights are others, would
// have to do it again.
#include <dnnl.hpp>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>
#include <unordered_map>

using namespace dnnl;
using tag = memory::format_tag;
using desc = memory::desc;

static const auto f32 = memory::data_type::f32;

static memory filled(const desc &d, const engine &e, float width) {
  memory m(d, e);
  std::mt19937 gen(1);
  std::uniform_real_distribution<float> draw(-width, width);
  float *at = static_cast<float *>(m.get_data_handle());
  for (size_t i = 0; i < d.get_size() / sizeof(float); i++) at[i] = draw(gen);
  return m;
}

static memory as(const desc &wanted, memory from, engine &e, stream &s) {
  memory to(wanted, e);
  reorder(from, to).execute(s, from, to);
  s.wait();
  return to;
}

int main(int argc, char **argv) {
  if (argc != 5) return 2;
  const memory::dim n = std::atoi(argv[1]), t = std::atoi(argv[2]), d = std::atoi(argv[3]), h = std::atoi(argv[4]);
  engine e(engine::kind::cpu, 0);
  stream s(e);
  const auto way = rnn_direction::unidirectional_left2right;
  const desc x({t, n, d}, f32, tag::tnc), y({t, n, h}, f32, tag::tnc), state({1, 1, n, h}, f32, tag::ldnc);
  const desc w_x({1, 1, d, 4, h}, f32, tag::any), w_h({1, 1, h, 4, h}, f32, tag::any), bias({1, 1, 4, h}, f32, tag::ldgo);

  const lstm_forward::primitive_desc forward(
      lstm_forward::desc(prop_kind::forward_training, way, x, state, state, w_x, w_h, bias, y, state, state), e);
  const lstm_backward::primitive_desc backward(
      lstm_backward::desc(prop_kind::backward, way, x, state, state, w_x, w_h, bias, y, state, state, x, state, state,
                          w_x, w_h, bias, y, state, state),
      e, forward);

  memory plain_x = filled(desc({1, 1, d, 4, h}, f32, tag::ldigo), e, 0.05f);
  memory plain_h = filled(desc({1, 1, h, 4, h}, f32, tag::ldigo), e, 0.05f);
  memory m_x = filled(x, e, 1), m_h0 = filled(state, e, 0), m_c0 = filled(state, e, 0), m_b = filled(bias, e, 0.05f);
  memory m_y(y, e), m_hn(state, e), m_cn(state, e), space(forward.workspace_desc(), e);
  memory dy = filled(y, e, 1), dhn = filled(state, e, 0), dcn = filled(state, e, 0);
  memory dx(x, e), dh0(state, e), dc0(state, e), db(bias, e);
  memory dw_x(backward.diff_weights_layer_desc(), e), dw_h(backward.diff_weights_iter_desc(), e);

  std::unordered_map<int, memory> to = {
      {DNNL_ARG_SRC_LAYER, m_x}, {DNNL_ARG_SRC_ITER, m_h0}, {DNNL_ARG_SRC_ITER_C, m_c0},
      {DNNL_ARG_WEIGHTS_LAYER, as(forward.weights_layer_desc(), plain_x, e, s)},
      {DNNL_ARG_WEIGHTS_ITER, as(forward.weights_iter_desc(), plain_h, e, s)},
      {DNNL_ARG_BIAS, m_b}, {DNNL_ARG_DST_LAYER, m_y}, {DNNL_ARG_DST_ITER, m_hn}, {DNNL_ARG_DST_ITER_C, m_cn},
      {DNNL_ARG_WORKSPACE, space}};
  auto back = to;
  back[DNNL_ARG_WEIGHTS_LAYER] = as(backward.weights_layer_desc(), plain_x, e, s);
  back[DNNL_ARG_WEIGHTS_ITER] = as(backward.weights_iter_desc(), plain_h, e, s);
  back[DNNL_ARG_DIFF_DST_LAYER] = dy;
  back[DNNL_ARG_DIFF_DST_ITER] = dhn;
  back[DNNL_ARG_DIFF_DST_ITER_C] = dcn;
  back[DNNL_ARG_DIFF_SRC_LAYER] = dx;
  back[DNNL_ARG_DIFF_SRC_ITER] = dh0;
  back[DNNL_ARG_DIFF_SRC_ITER_C] = dc0;
  back[DNNL_ARG_DIFF_WEIGHTS_LAYER] = dw_x;
  back[DNNL_ARG_DIFF_WEIGHTS_ITER] = dw_h;
  back[DNNL_ARG_DIFF_BIAS] = db;
  const lstm_forward ahead(forward);
  const lstm_backward return_way(backward);

  // Weight gradients are set to zero for each run, as they are added to.
  const auto run = [&] {
    for (memory *m : {&dw_x, &dw_h, &db})
      std::fill_n(static_cast<float *>(m->get_data_handle()), m->get_desc().get_size() / sizeof(float), 0.0f);
    ahead.execute(s, to);
    return_way.execute(s, back);
    s.wait();
  };
  const auto timed = [&](int count) {
    const auto begun = std::chrono::steady_clock::now();
    for (int i = 0; i < count; i++) run();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count() / count;
  };

  const version_t *v = dnnl::version();
  std::cout << "ready oneDNN " << v->major << '.' << v->minor << '.' << v->patch << std::endl;
  for (std::string word; std::cin >> word && word != "quit";) {
    int count = 1;
    if (word == "run") std::cin >> count;
    if (word == "trial") run();
    std::cout << timed(count) << std::endl;
  }
}
