package io.throughline.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.SessionNotCreatedException;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;

/**
 * A real Chromium with an empty profile, for what only a browser can show. Every host name leads to
 * loopback and nothing else can be reached, so a test may call its sites {@code shop.example}.
 *
 * <p>Where Chromium or its driver is not installed, {@link #start} skips the test and says so once;
 * with {@code -Dthroughline.browser=required}, as in {@code .ci/run}, it fails instead.
 */
public final class Browser implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Browser.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

    /** Held, or its level is forgotten: it warns that it has no typed protocol, which is unused. */
    private static final java.util.logging.Logger DEVTOOLS =
            java.util.logging.Logger.getLogger("org.openqa.selenium.devtools");

    private final ChromeDriver driver;
    private final Path profile;

    private Browser(ChromeDriver driver, Path profile) {
        this.driver = driver;
        this.profile = profile;
    }

    /**
     * @param switches further command line switches, for instance {@code --lang=de}
     */
    public static Browser start(String... switches) {
        return start(Map.of(), switches);
    }

    /** Cookies, localStorage and the like are blocked, as a visitor can set it. */
    public static Browser startWithoutStorage(String... switches) {
        return start(Map.of("profile.default_content_setting_values.cookies", 2), switches);
    }

    private static Browser start(Map<String, Object> preferences, String... switches) {
        Optional<Path> chromium = NAMES.stream().flatMap(Browser::onPath).findFirst();
        Optional<Path> chromedriver = onPath("chromedriver").findFirst();
        if (chromium.isEmpty() || chromedriver.isEmpty()) {
            throw missing("chromium and chromedriver are not both on the PATH", null);
        }
        DEVTOOLS.setLevel(Level.SEVERE);
        Path profile = temporaryFolder();
        try {
            ChromeDriverService service =
                    new ChromeDriverService.Builder()
                            .usingDriverExecutable(chromedriver.get().toFile())
                            .usingAnyFreePort()
                            .withSilent(true)
                            .build();
            ChromeOptions options = options(chromium.get(), profile, switches);
            options.setExperimentalOption("prefs", preferences);
            return new Browser(new ChromeDriver(service, options), profile);
        } catch (SessionNotCreatedException e) {
            FileSystemUtils.deleteRecursively(profile.toFile());
            throw missing("the installed browser does not start", e);
        }
    }

    private static ChromeOptions options(Path chromium, Path profile, String... switches) {
        LoggingPreferences console = new LoggingPreferences();
        console.enable(LogType.BROWSER, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(chromium.toFile());
        options.setCapability("goog:loggingPrefs", console);
        options.addArguments(
                "--headless=new",
                // the tests' own pages only, and root cannot have a sandbox
                "--no-sandbox",
                "--disable-dev-shm-usage",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--host-resolver-rules=MAP * 127.0.0.1",
                "--user-data-dir=" + profile);
        options.addArguments(switches);
        return options;
    }

    private static RuntimeException missing(String why, @Nullable Exception cause) {
        String sentence = "Tests in a browser are skipped: " + why + ".";
        if ("required".equals(System.getProperty("throughline.browser"))) {
            throw new IllegalStateException(
                    "throughline.browser is required, but " + why + ".", cause);
        }
        if (System.getProperty("throughline.browser.said") == null) {
            System.setProperty("throughline.browser.said", "yes");
            LOG.warn(sentence);
        }
        return Assumptions.abort(sentence);
    }

    private static Stream<Path> onPath(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable);
    }

    private static Path temporaryFolder() {
        try {
            return Files.createTempDirectory("throughline-test-browser-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** For what this class does not offer. */
    public ChromeDriver driver() {
        return driver;
    }

    /** Returns when the page has loaded. */
    public void open(URI page) {
        driver.get(page.toString());
    }

    /** Opens the page in a further tab, which is the current one from here on. */
    public String openTab(URI page) {
        driver.switchTo().newWindow(WindowType.TAB);
        open(page);
        return tab();
    }

    /** The handle of the current tab. */
    public String tab() {
        return driver.getWindowHandle();
    }

    /** A new tab in place of all others: nothing that was set for them holds any more. */
    public void startOver() {
        String fresh = driver.switchTo().newWindow(WindowType.TAB).getWindowHandle();
        for (String old : driver.getWindowHandles()) {
            if (!old.equals(fresh)) {
                driver.switchTo().window(old).close();
            }
        }
        driver.switchTo().window(fresh);
        console();
    }

    /** Makes the tab the current one of the test and the visible one of the browser. */
    public void switchTo(String tab) {
        driver.switchTo().window(tab);
    }

    /** Closes the current tab as a visitor does, and makes the other the current one. */
    public void closeTab(String other) {
        driver.close();
        driver.switchTo().window(other);
    }

    /**
     * Runs the body of a function in the page; what it returns, or its promise resolves to.
     *
     * @param arguments {@code arguments[0]} and so on in the script
     */
    public @Nullable Object run(String script, Object... arguments) {
        return driver.executeScript(script, arguments);
    }

    /** Waits until the expression is true in the page. */
    public void await(String expression) {
        Await.until(
                PATIENCE,
                () -> expression,
                () -> Boolean.TRUE.equals(run("return Boolean(" + expression + ")")));
    }

    /** Cuts the current tab's network, or joins it again. */
    public void offline(boolean cut) {
        devtools("Network.enable", Map.of());
        devtools(
                "Network.emulateNetworkConditions",
                Map.of(
                        "offline",
                        cut,
                        "latency",
                        0,
                        "downloadThroughput",
                        -1,
                        "uploadThroughput",
                        -1));
    }

    /** Runs the script in every page that the current tab opens from now on, before the page's. */
    public void before(String script) {
        devtools("Page.addScriptToEvaluateOnNewDocument", Map.of("source", script));
    }

    /** A command of the DevTools protocol to the current tab. */
    public Map<String, Object> devtools(String command, Map<String, Object> parameters) {
        return driver.executeCdpCommand(command, parameters);
    }

    /** What was printed on the console since the last call: the page's, and the browser's own. */
    public List<String> console() {
        List<String> lines = new ArrayList<>();
        for (LogEntry entry : driver.manage().logs().get(LogType.BROWSER)) {
            lines.add(entry.getLevel() + " " + entry.getMessage());
        }
        return lines;
    }

    @Override
    public void close() {
        try {
            driver.quit();
        } finally {
            FileSystemUtils.deleteRecursively(profile.toFile());
        }
    }
}
