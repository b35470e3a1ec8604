mod authorize;
mod client_answer;
mod code;
mod id_token_hint;
mod posted;
mod pushed;
mod requested;

pub use authorize::{authorize, delivery};
pub use client_answer::ClientAnswer;
pub use code::{IssueError, SelectedAccount, code_for, selected_account};
pub use id_token_hint::read_id_token_hint;
pub use posted::authorize_by_post;
pub use pushed::push;

use authorize::{checked, storage_failed};
