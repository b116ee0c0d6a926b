package dev.parley.feature.email.smtp;

import dev.parley.base.words.Caller;
import dev.parley.base.words.Resource;

/** Someone who proved to be allowed to submit for a resource. */
public record SmtpLogin(Resource resource, Caller caller) {}
