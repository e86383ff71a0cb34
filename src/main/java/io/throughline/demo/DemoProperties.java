package io.throughline.demo;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The demo shop.
 *
 * @param enabled whether there is a demo shop at {@code /demo}, to which {@code /} leads. Default:
 *     no; the first run with embedded engines on loopback has it. Refused on any other address
 */
@ConfigurationProperties("throughline.demo")
record DemoProperties(@DefaultValue("false") boolean enabled) {}
