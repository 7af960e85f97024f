using System.Globalization;
using NoisyNN.Transforms.Images;

namespace NoisyNN.Samples.Serve;

/// <summary>
/// The options of the command line. The key may also come from the environment, where a list of processes does not show it.
/// </summary>
/// <param name="ModelFile">The ONNX file.</param>
/// <param name="IsTrusted">Whether the model runs in the server's own process.</param>
/// <param name="Limits">The limits on an image; that on bytes holds for all images of a request together.</param>
/// <param name="Timeout">The longest time for a request, and for a batch in the model.</param>
/// <param name="Drain">The time between "not ready" and the end of listening when the server is told to stop.</param>
/// <param name="ApiKey">What clients must send; null if anybody may score.</param>
sealed record ServerOptions(string ModelFile, bool IsTrusted, ImageLimits Limits, TimeSpan Timeout, TimeSpan Drain, string? ApiKey)
{
    public const string KeyVariable = "NOISYNN_API_KEY";

    // What ASP.NET Core itself reads.
    static readonly HashSet<string> s_known = new(StringComparer.OrdinalIgnoreCase)
    {
        "model",
        "trusted",
        "max-bytes",
        "max-pixels",
        "timeout",
        "drain",
        "api-key",
        "urls",
        "http_ports",
        "https_ports",
        "environment",
        "contentroot",
    };

    /// <summary>The longest body: base64 makes four characters of three bytes, and forms have headers.</summary>
    public long LongestBody => (Limits.FileLength / 3 * 4) + (64 << 10);

    /// <exception cref="ArgumentException">An option is unknown, missing or out of its range.</exception>
    public static ServerOptions Read(string[] arguments, IConfiguration configuration)
    {
        foreach (var name in arguments.Where(argument => argument.StartsWith("--", StringComparison.Ordinal)).Select(NameOf))
            if (!name.Contains(':', StringComparison.Ordinal) && !s_known.Contains(name))
                throw new ArgumentException(
                    $"There is no option --{name}. The options are --model, --trusted, --max-bytes, --max-pixels, "
                        + "--timeout, --drain, --api-key and those of ASP.NET Core, such as --urls."
                );
        var key = configuration["api-key"] ?? Environment.GetEnvironmentVariable(KeyVariable);
        if (key is { Length: < 8 })
            throw new ArgumentException($"The key (--api-key or {KeyVariable}) has {key.Length} characters. Give at least 8.");
        var file = configuration["model"];
        return new(
            string.IsNullOrEmpty(file)
                ? throw new ArgumentException("Name the ONNX file: --model FILE. 'noisynn export' writes one.")
                : Path.GetFullPath(file),
            Switch(configuration, "trusted"),
            new()
            {
                FileLength = Number(configuration, "max-bytes", new ImageLimits().FileLength, most: 1 << 30),
                PixelCount = Number(configuration, "max-pixels", new ImageLimits().PixelCount, most: int.MaxValue / 4),
            },
            TimeSpan.FromSeconds(Number(configuration, "timeout", 30, most: 3600)),
            TimeSpan.FromSeconds(Number(configuration, "drain", 0, most: 600, least: 0)),
            key
        );
    }

    static string NameOf(string argument) => argument[2..].Split('=')[0];

    static bool Switch(IConfiguration configuration, string name) =>
        configuration[name] switch
        {
            null => false,
            var text when bool.TryParse(text, out var value) => value,
            var text => throw new ArgumentException($"--{name} is '{text}'. It must be true or false."),
        };

    static long Number(IConfiguration configuration, string name, long byDefault, long most, long least = 1) =>
        configuration[name] switch
        {
            null => byDefault,
            var text
                when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
                    && value >= least
                    && value <= most => value,
            var text => throw new ArgumentException($"--{name} is '{text}'. It must be a whole number from {least} to {most}."),
        };
}
