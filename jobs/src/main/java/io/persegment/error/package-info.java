/** How a failure is told: whose fault it is, and one sentence that says what to do. */
package io.persegment.error;
