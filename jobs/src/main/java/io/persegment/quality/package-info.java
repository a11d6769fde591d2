/** What must hold of rows, counted in one pass. */
package io.persegment.quality;
