"""The verbs, each with what it does and one example: all that `copycar --help` needs, so that it loads nothing else."""

Verb = tuple[str, str, str]
"""Where it is, what it does, one example."""

VERBS: dict[str, Verb] = {
    "demo": (
        "demo:demo",
        "See it all work: record, train, and prove on an unseen track that it drives.",
        "copycar demo",
    ),
    "drive": (
        "drive:drive",
        "Drive an environment: by hand, by the expert or by a policy; record it if you like.",
        "copycar drive oval --driver expert --laps 3 --record data",
    ),
    "environments": (
        "environments:environments",
        "List the places to drive.",
        "copycar environments",
    ),
    "evaluate": (
        "evaluate:evaluate",
        "Prove that a policy drives: closed loop in an environment, or offline on a tub.",
        "copycar evaluate runs/first/policy.onnx --on hairpins --trials 10",
    ),
    "export": (
        "export:export",
        "Put a policy on the car: ONNX, LiteRT, Keras or TensorRT, with a check that it decides the same.",
        "copycar export runs/first --to tflite --int8 --out policy.tflite",
    ),
    "gamepad": (
        "gamepad:gamepad",
        "Look at a gamepad, and calibrate it.",
        "copycar gamepad --calibrate",
    ),
    "import-config": (
        "import_config:import_config",
        "Turn donkeycar's configuration into settings for training.",
        "copycar import-config mycar/myconfig.py -o run.toml",
    ),
    "import-weights": (
        "import_weights:import_weights",
        "Go on with a donkeycar pilot: make a run of its .h5 or .keras file.",
        "copycar import-weights mycar/models/pilot.h5 --out runs/pilot",
    ),
    "networks": (
        "networks:networks",
        "List the networks that can be trained.",
        "copycar networks",
    ),
    "runs": (
        "runs:runs",
        "List the trainings in a folder, or show one.",
        "copycar runs",
    ),
    "studio": (
        "studio:studio",
        "Drive, look after recordings, train and compare in the browser.",
        "copycar studio --lan",
    ),
    "sweep": (
        "sweep:sweep",
        "Search for good settings.",
        "copycar sweep data --trials 20 --jobs 2",
    ),
    "train": (
        "train:train",
        "Train a policy from tubs.",
        "copycar train data/monday data/tuesday --type linear --epochs 20",
    ),
}

SERVE_VERBS: dict[str, Verb] = {
    "donkey-sim": (
        "serve:donkey_sim",
        "Be a donkey simulator whose scenes are the built-in track.",
        "copycar serve donkey-sim --track oval",
    ),
}

GROUPS = {
    "explain": "See what a policy looks at.",
    "ground": "Find cars with cameras beside the track: lap times, off-track events, ground truth.",
    "remote": "The same command elsewhere: pack, push, submit, watch, pull.",
    "serve": "Let other programs drive here.",
    "tub": "Look at recordings and mend them.",
}
"""Verbs that have verbs of their own."""

TUB_VERBS: dict[str, Verb] = {
    "info": ("tub:info", "Say what is in a tub and what was repaired.", "copycar tub info data"),
    "check": ("tub_check:check", "Say what is wrong with a recording, and mend it.", "copycar tub check data --fix"),
    "hist": ("tub_show:hist", "Show how it was steered and driven.", "copycar tub hist data --out hist.html"),
    "balance": ("tub_show:balance", "Show what weighting rare steering would do.", "copycar tub balance data"),
    "clean": (
        "tub_edit:clean",
        "Delete frames by an expression.",
        'copycar tub clean data --where "throttle < 0.05"',
    ),
    "delete": ("tub_edit:delete", "Delete frames by number.", "copycar tub delete data 10:20 35"),
    "restore": ("tub_edit:restore", "Bring deleted frames back.", "copycar tub restore data 10:20"),
    "undo": ("tub_edit:undo", "Take the last edit back.", "copycar tub undo data"),
    "redo": ("tub_edit:redo", "Do again what was undone last.", "copycar tub redo data"),
    "history": ("tub_edit:history", "Show who edited what, when and why.", "copycar tub history data"),
    "flip": ("tub_make:flip", "Write the mirrored twin.", "copycar tub flip data --out data-mirrored"),
    "recolour": ("tub_make:recolour", "Exchange red and blue.", "copycar tub recolour data --out data-recoloured"),
    "merge": ("tub_make:merge", "Make one tub of several.", "copycar tub merge monday tuesday --out week"),
    "split": ("tub_make:split", "Make several tubs of one.", "copycar tub split data --out parts"),
    "convert": (
        "tub_convert:convert",
        "Turn a foreign recording into a tub, or a tub into another format.",
        "copycar tub convert samples/luigi data",
    ),
    "prepare": ("tub_make:prepare", "Write X.npy and y.npy.", "copycar tub prepare data --out arrays"),
    "movie": ("tub_make:movie", "Film a recording.", "copycar tub movie data --out data.mp4"),
}

GROUND_VERBS: dict[str, Verb] = {
    "demo": ("ground_demo:demo", "See it all work: simulate, train, prove, film, time laps.", "copycar ground demo"),
    "simulate": (
        "ground_data:simulate",
        "Make a project from the built-in track, with exact labels.",
        "copycar ground simulate project",
    ),
    "calibrate": (
        "ground_calibrate:calibrate",
        "Calibrate lenses from boards, and poses from known floor points.",
        "copycar ground calibrate project --boards boards --points points.csv",
    ),
    "extract": (
        "ground_extract:extract",
        "Take frames to label out of the cameras' footage.",
        "copycar ground extract project footage",
    ),
    "convert": (
        "ground_convert:convert",
        "Turn WILDTRACK or MultiviewX into a project.",
        "copycar ground convert Wildtrack_dataset project",
    ),
    "annotate": (
        "ground_annotate:annotate",
        "Label frames in the browser: click in one view, see it in all.",
        "copycar ground annotate project",
    ),
    "check": (
        "ground_data:check",
        "Say whether a training can be right.",
        "copycar ground check project --picture plan.png",
    ),
    "train": ("ground_train:train", "Train a detector.", "copycar ground train project"),
    "validate": (
        "ground_train:validate",
        "Judge a detector: MODA, precision, recall, error in metres.",
        "copycar ground validate project",
    ),
    "visualize": (
        "ground_show:visualize",
        "Film what was found, and draw mean heat maps.",
        "copycar ground visualize project",
    ),
    "run": (
        "ground_run:run",
        "Follow everything through the frames; write trajectories.",
        "copycar ground run project",
    ),
    "laps": (
        "ground_show:laps",
        "Give lap and sector times and off-track events.",
        "copycar ground laps project --picture speed.png",
    ),
}

EXPLAIN_VERBS: dict[str, Verb] = {
    "movie": (
        "explain_policy:movie",
        "Film what mattered in every frame of a recording.",
        "copycar explain movie runs/first data --out why.mp4",
    ),
    "activations": (
        "explain_policy:activations",
        "Draw what every layer sees in one frame.",
        "copycar explain activations runs/first data --out layers.png",
    ),
}

REMOTE_VERBS: dict[str, Verb] = {
    "pack": (
        "remote_data:pack",
        "Pack recordings with their edits and settings.",
        "copycar remote pack data --config run.toml -o packed",
    ),
    "unpack": ("remote_data:unpack", "Unpack them, or a .tgz.", "copycar remote unpack packed -o data"),
    "push": ("remote_data:push", "Send something to a bucket.", "copycar remote push data s3://rides"),
    "pull": ("remote_data:pull", "Bring something from a bucket.", "copycar remote pull s3://rides/models/pilot"),
    "submit": (
        "remote_jobs:submit",
        "Run a copycar command elsewhere.",
        "copycar remote submit train data --epochs 20 --on local",
    ),
    "status": ("remote_jobs:status", "Say how a job stands.", "copycar remote status"),
    "logs": ("remote_jobs:logs", "Print what a job has printed.", "copycar remote logs --follow"),
    "stop": ("remote_jobs:stop", "Ask a job to end.", "copycar remote stop"),
    "wait": ("remote_jobs:wait", "Wait for a job; end with its exit code.", "copycar remote wait"),
    "list": ("remote_jobs:list_jobs", "List jobs, and what is in a bucket.", "copycar remote list s3://rides"),
}

VERBS_OF = {
    "explain": EXPLAIN_VERBS,
    "ground": GROUND_VERBS,
    "remote": REMOTE_VERBS,
    "serve": SERVE_VERBS,
    "tub": TUB_VERBS,
}
"""Every group and its verbs."""
