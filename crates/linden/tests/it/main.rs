//! The program from outside: its commands, its files, and clients that others wrote.

mod apply;
mod browser;
mod crash;
mod independent_clients;
mod program;
mod starting;
