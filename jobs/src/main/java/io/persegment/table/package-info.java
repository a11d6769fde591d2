/**
 * The lake: tables as classes that say what each column means, and {@link
 * io.persegment.table.Lake}, the only place that touches storage and the only importer of {@code
 * io.delta}.
 */
package io.persegment.table;
