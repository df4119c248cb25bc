"""What all tests share."""

import os

# TensorFlow's, in this process and in those that it starts: several workers share the processors already.
os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")
os.environ.setdefault("TF_NUM_INTEROP_THREADS", "1")
