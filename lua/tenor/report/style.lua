--- The style of a report's page: one column of text, figures side by side where there is room, tables that turn into
-- cards on a narrow screen, a light and a dark scheme, and paper.
return [[
:root {
  color-scheme: light dark;
  --sans: system-ui, "Helvetica Neue", Arial, "Liberation Sans", sans-serif;
  --serif: Charter, "Bitstream Charter", "Source Serif 4", Cambria, Georgia, serif;
  --paper: #ffffff; --ink: #222222; --soft: #5c5c5c; --rule: #d0d0d0; --tint: #f5f5f2; --link: #0b5394;
  --c1: #0072b2; --c2: #d55e00; --c3: #009e73; --c4: #cc79a7; --c5: #b58900; --c6: #56b4e9; --c7: #8c510a; --c8: #666666;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --paper: #16181c; --ink: #e6e4df; --soft: #a8a6a0; --rule: #3c4048; --tint: #1f2228; --link: #8ab8ee;
    --c1: #4aa8e0; --c2: #f08a3c; --c3: #3cc79c; --c4: #e09cc4; --c5: #dcb432; --c6: #8ccdf2; --c7: #c98d4a; --c8: #a0a0a0;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.55 var(--serif); }
main { max-width: 62rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
h1, h2, h3, h4, th, figcaption, .notes, .facts, nav, svg { font-family: var(--sans); }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .5rem; font-weight: 650; letter-spacing: -.01em; }
h2 { font-size: 1.3rem; line-height: 1.3; margin: 3rem 0 .75rem; padding-top: .75rem; border-top: 1px solid var(--rule); }
h3 { font-size: 1.05rem; margin: 2rem 0 .5rem; }
h4 { font-size: .92rem; margin: 1.4rem 0 .3rem; }
p { margin: .6rem 0; max-width: 44rem; }
a { color: var(--link); text-decoration: none; }
a:hover, a:focus { text-decoration: underline; }
.facts { color: var(--soft); font-size: .9rem; margin: 0 0 1rem; }
nav { font-size: .9rem; }
nav ul { list-style: none; padding: 0; margin: 0; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums lining-nums; margin: .75rem 0;
  border-top: 1.5px solid var(--ink); border-bottom: 1.5px solid var(--ink); }
caption { text-align: left; font: 600 .95rem/1.4 var(--sans); padding: 0 0 .4rem; }
th { font-size: .85rem; font-weight: 600; text-align: left; }
thead th { border-bottom: 1px solid var(--ink); vertical-align: bottom; }
th, td { padding: .35rem .5rem; vertical-align: top; }
tbody tr + tr > * { border-top: 1px solid var(--rule); }
td { font-size: .95rem; }
td a { color: inherit; text-decoration: underline var(--rule); text-underline-offset: .2em; }
td a:hover, td a:focus { text-decoration-color: var(--link); }
sup { line-height: 0; }
.over, .paper { display: block; font-size: .8rem; color: var(--soft); white-space: nowrap; }
.score { white-space: nowrap; }
.notes { font-size: .82rem; line-height: 1.5; color: var(--soft); padding-left: 1.1rem; margin: .25rem 0 1.5rem; max-width: 56rem; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 25rem), 1fr)); gap: 1.25rem 1.5rem;
  align-items: start; }
figure { margin: .5rem 0; min-width: 0; }
figure svg { display: block; width: 100%; max-width: 30rem; height: auto; margin: 0 auto; }
figcaption { font-size: .82rem; line-height: 1.45; color: var(--soft); margin-top: .4rem; }
figcaption b { color: var(--ink); }
.missing { border: 1px dashed var(--rule); padding: .75rem 1rem; font-size: .85rem; color: var(--soft); overflow-wrap: anywhere; }
.runs td, .runs th { font-size: .78rem; padding: .2rem .35rem; }
code { font: .76rem/1.45 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
details { margin: .35rem 0; }
summary { cursor: pointer; font: .88rem/1.5 var(--sans); }
:target { scroll-margin-top: 1rem; }
tr:target, section:target > h4, details:target > summary { background: var(--tint);
  outline: 2px solid var(--link); outline-offset: 2px; }
@media screen and (max-width: 60rem) {
  main { padding: 1.5rem 1rem 3rem; }
  h1 { font-size: 1.5rem; }
  h2 { margin-top: 2.25rem; }
  .cards, .cards caption, .cards tbody, .cards tr, .cards th, .cards td { display: block; }
  .cards { border-top: 0; }
  .cards tbody { border-top: 1.5px solid var(--ink); }
  .cards thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .cards tr { padding: .5rem 0; }
  .cards tbody tr + tr > * { border-top: 0; }
  .cards tbody tr + tr { border-top: 1px solid var(--rule); }
  .cards tbody th { font-size: 1rem; padding: .1rem 0 .2rem; }
  .cards td { display: grid; grid-template-columns: minmax(6.5rem, 20%) 1fr; gap: 0 .75rem; padding: .2rem 0; }
  .cards td::before { content: attr(data-label); font: .82rem/1.7 var(--sans); color: var(--soft); }
  .cards td.none { display: none; }
  .over, .paper { display: inline; margin-right: .75rem; white-space: normal; }
}
@media print {
  @page { margin: 18mm 16mm; }
  :root { color-scheme: light; }
  body { font-size: 9.5pt; }
  main { max-width: none; padding: 0; }
  h1 { font-size: 17pt; } h2 { font-size: 13pt; margin-top: 1.5rem; } h3 { font-size: 11pt; }
  h2, h3, h4, caption { break-after: avoid; }
  figure, tr, .keep { break-inside: avoid; }
  thead { display: table-header-group; }
  nav { display: none; }
  a, td a { color: inherit; text-decoration: none; }
  .figures { grid-template-columns: 1fr 1fr; gap: 4mm 6mm; }
  .notes, figcaption, .facts { font-size: 7.5pt; } .notes { break-inside: avoid; }
  table { font-size: 8.5pt; } td, .runs td { font-size: 8pt; } th { font-size: 8pt; } .over, .paper { font-size: 7pt; }
  .runs td, .runs th, code { font-size: 6.5pt; }
  details::details-content { content-visibility: visible; display: block; height: auto; }
}
]]
