//! Figures as data ([`figure`]), and the one painter that draws them. Knows nothing of SGD.

pub mod figure;
