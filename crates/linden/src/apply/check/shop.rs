use crate::apply::declaration::Declaration;
use crate::reading::Complaints;

pub(super) fn check(declaration: &Declaration, complaints: &mut Complaints) {
    for entry in &declaration.applications {
        let application = &entry.table;
        if let Some(domains) = application.domains.as_ref().filter(|domains| domains.get_ref().is_empty()) {
            complaints.add(entry.at(domains), "domains: name at least one, such as \"shop.example\"");
        }
        let found_by = [&application.domain_prefix, &application.parameter, &application.context_path];
        for superfluous in found_by.into_iter().flatten().skip(1) {
            let message =
                "an application is found by one of domain_prefix, parameter and context_path: keep one of them";
            complaints.add(entry.at(superfluous), message);
        }
    }
}
