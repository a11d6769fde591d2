/** The audience that e-mail tools send by, changed in one step and obeying consent. */
package io.persegment.publish;
