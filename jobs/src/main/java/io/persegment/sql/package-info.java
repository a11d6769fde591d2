/** SQL expressions from the settings: parsed before Spark starts, and known by what they read. */
package io.persegment.sql;
