/** Values in the one form in which they can be compared. */
package io.persegment.cleaning;
