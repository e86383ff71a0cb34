package io.throughline.activation.webhook;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.AbstractHttpEntity;

/** A request's body; when its last byte is written, waiting for the answer begins. */
final class TimedBody extends AbstractHttpEntity {
    private final byte[] body;
    private final Stopwatch watch;

    TimedBody(byte[] body, Stopwatch watch) {
        super(ContentType.APPLICATION_JSON, null);
        this.body = body;
        this.watch = watch;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        out.write(body);
        watch.begin(Stopwatch.Phase.WAIT);
    }

    @Override
    public InputStream getContent() {
        return new ByteArrayInputStream(body);
    }

    @Override
    public long getContentLength() {
        return body.length;
    }

    @Override
    public boolean isRepeatable() {
        return true;
    }

    @Override
    public boolean isStreaming() {
        return false;
    }

    @Override
    public void close() {}
}
