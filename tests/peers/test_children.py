"""`python -m cupola.compat` reaches the processes that a program starts, and harms none of them."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
import tensorboardX  # noqa: F401 - the programs below import it

import cupola

WHOSE = "from tensorboardX import SummaryWriter as W; print(W.__mro__[1].__module__.split('.')[0])"
COMPAT = ("-m", "cupola.compat")


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    done = subprocess.run(
        [*map(str, command)],
        cwd=cwd,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


WAYS = {
    "multiprocessing": """
import multiprocessing as mp
def whose():
    print(W.__mro__[1].__module__.split(".")[0], flush=True)
from tensorboardX import SummaryWriter as W
if __name__ == "__main__":
    for kind in mp.get_all_start_methods():
        child = mp.get_context(kind).Process(target=whose)
        child.start()
        child.join()
""",
    "process pool": """
from concurrent.futures import ProcessPoolExecutor
import multiprocessing as mp
def whose():
    from tensorboardX import SummaryWriter as W
    return W.__mro__[1].__module__.split(".")[0]
if __name__ == "__main__":
    for kind in mp.get_all_start_methods():
        with ProcessPoolExecutor(1, mp.get_context(kind)) as pool:
            print(pool.submit(whose).result())
""",
    "subprocess": f"""
import subprocess, sys
for command in ([sys.executable, "-c", {WHOSE!r}], [sys.executable, "-u", "-c", {WHOSE!r}]):
    print(subprocess.check_output(command, text=True), end="")
""",
    "grandchildren": f"""
import subprocess, sys
code = "import subprocess, sys; subprocess.check_call([sys.executable, '-c', sys.argv[1]])"
print(subprocess.check_output([sys.executable, "-c", code, {WHOSE!r}], text=True))
""",
    "os.exec": f"import os, sys; os.execv(sys.executable, [sys.executable, '-c', {WHOSE!r}])",
    "joblib": """
import joblib
def whose():
    from tensorboardX import SummaryWriter as W
    return W.__mro__[1].__module__.split(".")[0]
if __name__ == "__main__":
    for backend in ("loky", "multiprocessing"):
        print(*joblib.Parallel(2, backend=backend)(joblib.delayed(whose)() for _ in range(2)))
""",
    "torch": """
import torch.multiprocessing as mp
def whose(rank):
    from torch.utils.tensorboard import SummaryWriter as W
    print(W.__module__.split(".")[0], flush=True)
if __name__ == "__main__":
    mp.spawn(whose, nprocs=2)
""",
    "ray": """
import ray
ray.init(_node_ip_address="127.0.0.1", include_dashboard=False, num_cpus=1, configure_logging=False)
@ray.remote
def whose():
    from tensorboardX import SummaryWriter as W
    return W.__mro__[1].__module__.split(".")[0]
print(ray.get(whose.remote()))
ray.shutdown()
""",
}


@pytest.mark.parametrize("way", WAYS)
def test_every_way_to_start_a_process(tmp_path: Path, way: str) -> None:
    if way in ("joblib", "ray"):
        pytest.importorskip(way)
    (tmp_path / "train.py").write_text(WAYS[way])
    answers = run(sys.executable, *COMPAT, "train.py", cwd=tmp_path).split()
    assert answers and set(answers) == {"cupola"}, answers


RANK = """
import os
from torch.utils.tensorboard import SummaryWriter as W
print("rank", os.environ.get("RANK", "alone"), W.__module__.split(".")[0], flush=True)
"""


@pytest.mark.parametrize("how", ["torchrun", "-m torch.distributed.run", "accelerate launch"])
def test_launchers(tmp_path: Path, how: str) -> None:
    scripts = sysconfig.get_path("scripts")
    command = how.split()
    if command[0] != "-m" and not Path(scripts, command[0]).exists():
        pytest.skip(f"no {command[0]} here")
    if how == "accelerate launch":
        options = ["--cpu", "--num_processes=1", "--num_machines=1", "--mixed_precision=no"]
        options += ["--dynamo_backend=no", "--main_process_port=0", "--main_process_ip=127.0.0.1"]
    else:
        options = ["--nproc-per-node=2", "--standalone", "--local-addr=127.0.0.1"]
    (tmp_path / "train.py").write_text(RANK)
    path = scripts + os.pathsep + os.environ["PATH"]
    output = run(sys.executable, *COMPAT, *command, *options, "train.py", cwd=tmp_path, PATH=path)
    lines = {line for line in output.splitlines() if line.startswith("rank")}
    ranks = ["alone"] if command[0] == "accelerate" else ["0", "1"]  # on a CPU it starts one process
    assert lines == {f"rank {rank} cupola" for rank in ranks}, output


def test_the_environments_own_sitecustomize_still_runs(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("import builtins\nbuiltins.customized = __name__, __file__\n")
    code = f"import sys, sitecustomize; print(*customized, sitecustomize.__file__); {WHOSE}"
    (tmp_path / "train.py").write_text(
        f"import subprocess, sys\nsubprocess.check_call([sys.executable, '-c', {code!r}])"
    )
    path = os.pathsep.join([str(tmp_path), str(Path(cupola.__file__).parents[1])])
    own = str(tmp_path / "sitecustomize.py")
    words = run(sys.executable, *COMPAT, "train.py", cwd=tmp_path, PYTHONPATH=path).split()
    assert words == ["sitecustomize", own, own, "cupola"]
    broken = "raise ImportError('of its own')\n"
    (tmp_path / "sitecustomize.py").write_text(broken)
    (tmp_path / "train.py").write_text(
        f"import subprocess, sys\nsubprocess.check_call([sys.executable, '-c', {WHOSE!r}])"
    )
    assert run(sys.executable, *COMPAT, "train.py", cwd=tmp_path, PYTHONPATH=path).split() == ["cupola"]


QUIET = """
import subprocess, sys
code = "import sys; print(sorted({m.split('.')[0] for m in sys.modules}), sys.path, sep='|')"
print(subprocess.check_output([sys.executable, "-c", code], text=True), end="")
"""


def test_a_child_that_logs_nothing_is_left_alone(tmp_path: Path) -> None:
    """Nothing heavy is imported, and the search path is what it would be."""
    (tmp_path / "train.py").write_text(QUIET)
    plain, reached = (
        run(sys.executable, *how, "train.py", cwd=tmp_path).strip().split("|") for how in ((), COMPAT)
    )
    assert reached[1] == plain[1]
    extra = set(eval(reached[0])) - set(eval(plain[0]))
    assert "numpy" not in extra and "torch" not in extra and "cupola" in extra
    assert extra <= set(sys.stdlib_module_names) | {"cupola", "sitecustomize"}, extra


def test_an_environment_without_cupola_keeps_its_own_writer(tmp_path: Path) -> None:
    """Another environment's Python inherits the variable; it must start as if nothing had happened."""
    folder = Path(cupola.__file__).parent / "peers" / "stand_ins" / "children"
    (tmp_path / "tensorboardX.py").write_text("class SummaryWriter: pass\n")
    code = "import sys, tensorboardX; print(tensorboardX.__file__, 'cupola' in sys.modules)"
    bare = (
        "import sys; sys.path[:] = [p for p in sys.path if not __import__('os').path.exists(p + '/cupola')]\n"
    )
    (tmp_path / "usercustomize.py").write_text("")
    (tmp_path / "before").mkdir()
    (tmp_path / "before" / "sitecustomize.py").write_text(
        bare
        + f"exec(open({str(folder / 'sitecustomize.py')!r}).read(), {{'__file__': {str(folder / 'x')!r}}})"
    )
    output = run(
        sys.executable,
        "-c",
        code,
        cwd=tmp_path,
        PYTHONPATH=os.pathsep.join([str(tmp_path / "before"), str(tmp_path)]),
    )
    assert output.split() == [str(tmp_path / "tensorboardX.py"), "False"]


def test_only_the_command_reaches_children(tmp_path: Path) -> None:
    """Importing `cupola.compat` changes this process and nothing of its environment."""
    code = "import os\nbefore = dict(os.environ)\nimport cupola.compat\nassert dict(os.environ) == before\n"
    run(sys.executable, "-c", code, cwd=tmp_path)


def test_the_environment_names_the_folder_once(tmp_path: Path) -> None:
    (tmp_path / "show.py").write_text("import os; print(os.environ['PYTHONPATH'])")
    once = run(sys.executable, *COMPAT, "show.py", cwd=tmp_path)
    assert run(sys.executable, *COMPAT, *COMPAT, "show.py", cwd=tmp_path) == once
    assert once.count("children") == 1
