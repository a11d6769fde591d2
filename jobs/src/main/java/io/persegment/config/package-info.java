/**
 * Reading settings: one HOCON tree in which every mistake is found at once and told with its file
 * and line. Only this package knows of HOCON; others read a {@link io.persegment.config.Section}.
 */
package io.persegment.config;
