//! Losses and networks. (Empty until a lab trains one: the two-parameter saddle lives in `core`.)
