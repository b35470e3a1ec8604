mod authorize;
mod code;
mod redirect;

pub use authorize::{authorize, delivery};
pub use code::{IssueError, code_for, selected_account};
pub use redirect::{callback_with_code, callback_with_error};
