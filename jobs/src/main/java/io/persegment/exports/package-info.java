/** Files by which e-mail tools take over what was published, and what they say of it. */
package io.persegment.exports;
