"""What the Python peers share: the protocol of bench/support/peer.lua."""
import resource
import sys
import time


def serve(about, run, trial=None):
    """Answers requests; `run()` does the work once."""
    print("ready", about, flush=True)
    for line in sys.stdin:
        words = line.split()
        if not words or words[0] == "quit":
            break
        if words[0] == "run":
            count = int(words[1])
            begun = time.perf_counter()
            for _ in range(count):
                run()
            print((time.perf_counter() - begun) / count, flush=True)
        elif words[0] == "trial":
            once = trial or run
            if trial is None:
                once()
            times = []
            for _ in range(3):
                begun = time.perf_counter()
                once()
                times.append(time.perf_counter() - begun)
            print(min(times), flush=True)
        elif words[0] == "peak":
            print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024, flush=True)
        else:
            print("unknown request", flush=True)


def load(name):
    """A library, or an end that says it is absent."""
    try:
        return __import__(name)
    except ImportError as error:
        print("absent", error, flush=True)
        sys.exit(0)
