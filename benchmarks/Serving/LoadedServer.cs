using System.Diagnostics;
using System.Globalization;

namespace NoisyNN.Benchmarks.Serving;

/// <summary>The serving sample as a process, built by <c>benchmarks/run serving</c>.</summary>
sealed class LoadedServer : IDisposable
{
    public const string Key = "a key for the load";

    const string Listening = "Now listening on: ";

    readonly Process _process;

    LoadedServer(Process process, Uri address)
    {
        _process = process;
        Client = new() { BaseAddress = address, Timeout = TimeSpan.FromMinutes(2) };
        Client.DefaultRequestHeaders.Add("X-API-Key", Key);
    }

    public HttpClient Client { get; }

    /// <param name="model">The ONNX file.</param>
    /// <param name="isTrusted">Whether the model runs in the server's own process.</param>
    public static async Task<LoadedServer> StartAsync(string model, bool isTrusted)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "../../Serve/release/Serve.dll");
        string[] options = ["--model", model, "--urls", "http://127.0.0.1:0", "--api-key", Key, "--trusted", isTrusted ? "true" : "false"];
        var process = Process.Start(new ProcessStartInfo("dotnet", [program, .. options]) { RedirectStandardOutput = true })!;
        string? line;
        do line = await process.StandardOutput.ReadLineAsync();
        while (line?.Contains(Listening, StringComparison.Ordinal) == false);
        if (line is null)
            throw new InvalidOperationException("The server ended before it listened; its error is above.");
        // The log goes on. A pipe that nobody reads would stop the server.
        _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        return new(process, new Uri(line[(line.IndexOf(Listening, StringComparison.Ordinal) + Listening.Length)..].Trim()));
    }

    /// <summary>The resident memory of the server and of its model's process, in MiB.</summary>
    public double Memory() => Tree(_process.Id).Sum(Pages) * Environment.SystemPageSize / 1048576.0;

    /// <summary>Stops the server, as service managers do.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopAsync()
    {
        using (var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]))
            await kill.WaitForExitAsync();
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    public void Dispose()
    {
        Client.Dispose();
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    static IEnumerable<int> Tree(int process) =>
        [process, .. Numbers($"/proc/{process}/task/{process}/children").SelectMany(child => Tree((int)child))];

    static long Pages(int process) => Numbers($"/proc/{process}/statm") is [_, var resident, ..] ? resident : 0;

    /// <summary>The numbers of a file of the system; none if the process has ended.</summary>
    static long[] Numbers(string file)
    {
        try
        {
            return
            [
                .. File.ReadAllText(file)
                    .Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                    .Select(number => long.Parse(number, CultureInfo.InvariantCulture)),
            ];
        }
        catch (IOException)
        {
            return [];
        }
    }
}
