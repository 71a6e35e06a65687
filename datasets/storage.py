"""Writes labelled pictures as HDF5, with the keys that ``utils.data.load_hdf5`` reads."""

from pathlib import Path

import h5py
import numpy as np


def write_hdf5(path, data):
    """Write a data set; the same pictures always give the same bytes.

    Parameters
    ----------
    path : str or Path
        Replaced when it exists.
    data : utils.data.Dataset
        Pictures uint8 (m, height, width, 3), labels (1, m), two class names.
    """
    arrays = {
        "train_set_x": data.X_train,
        "train_set_y": data.Y_train[0].astype(np.int64),
        "test_set_x": data.X_test,
        "test_set_y": data.Y_test[0].astype(np.int64),
        "list_classes": np.array([name.encode() for name in data.classes]),
    }
    path = Path(path)
    unfinished = path.with_name(path.name + ".part")  # a killed run leaves the old file whole
    with h5py.File(unfinished, "w") as file:
        for key, array in arrays.items():
            # Fifty pictures to a chunk; without times, which would change the bytes.
            options = {"chunks": (min(50, len(array)), *array.shape[1:]), "compression": "gzip", "compression_opts": 9}
            file.create_dataset(key, data=array, track_times=False, **(options if array.ndim == 4 else {}))
    unfinished.replace(path)
