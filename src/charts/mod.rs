//! Figures as data ([`figure`]), and the one painter that draws them ([`draw`]). Knows nothing of SGD.
//!
//! | module | its subject |
//! |---|---|
//! | [`figure`] | what a figure is: layers, axes, handles |
//! | [`draw`](mod@draw) | paints a figure on any surface |
//! | [`layout`], `names` | where everything goes: margins, colour bar; names, legend |
//! | `painter` | the layout in plotters' elements |
//! | [`axes`] | ticks and their numbers |
//! | [`labels`] | places for texts that do not overlap |
//! | [`outline`] | curves and areas cut to the plot |
//! | [`plot_area`] | data coordinates ↔ pixels |
//! | [`region`] | where in a map of regions their names fit |
//! | [`palette`] | colours, themes, colour maps, patterns |
//! | [`surface`] | what can be drawn on: [`svg`] anywhere, `canvas` in a page |
//! | [`csv`] | the numbers of what is drawn |
//! | [`png`], [`text_width`] | pictures and text widths without a browser |

pub mod axes;
#[cfg(target_arch = "wasm32")]
pub mod canvas;
pub mod csv;
mod deflate;
pub mod draw;
pub mod figure;
pub mod labels;
pub mod layout;
mod names;
pub mod outline;
mod painter;
pub mod palette;
pub mod plot_area;
pub mod png;
pub mod region;
pub mod surface;
pub mod svg;
pub mod text_width;
