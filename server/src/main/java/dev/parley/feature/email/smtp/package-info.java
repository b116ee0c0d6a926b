/**
 * The ways in by SMTP: submission by those who have a user name, and the receiver of bounces and
 * complaints. Read {@link dev.parley.feature.email.smtp.SmtpSession} first.
 */
@NullMarked
package dev.parley.feature.email.smtp;

import org.jspecify.annotations.NullMarked;
