package io.persegment.source;

import java.time.LocalDate;
import java.util.Optional;

/**
 * Which files of one source are read again, under the settings of today.
 *
 * @param from of those with rows in quarantine only what was refused since this day
 * @param all every file, not only those with rows in quarantine: what they say now is all that the
 *     source has
 */
public record Replay(String source, Optional<LocalDate> from, boolean all) {}
