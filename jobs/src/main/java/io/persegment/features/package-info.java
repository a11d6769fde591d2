/** What is known of each customer as of a date, declared in the settings. */
package io.persegment.features;
