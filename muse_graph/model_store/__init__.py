"""Trained models on their way from training to serving: published as versions of a folder, mapped by workers.

`ModelSlot(folder).get()` gives the current `ServedModel`, or None with the reason why there is none.
"""

from muse_graph.model_store.served import Catalogue, Content, ServedModel
from muse_graph.model_store.slot import ModelSlot
from muse_graph.model_store.store import publish, writing

__all__ = ["Catalogue", "Content", "ModelSlot", "ServedModel", "publish", "writing"]
