using System.Diagnostics;
using System.Text.Json;

namespace NoisyNN.Benchmarks;

/// <summary>The other side of a comparison: a process that greets with a line of JSON and then answers one to each line it is sent.</summary>
sealed class Peer : IDisposable
{
    readonly Process _process;

    /// <param name="script">Below the program's folder, in Python.</param>
    /// <param name="arguments">The script's.</param>
    /// <param name="libraryPath">Where the process finds its BLAS; null for where this one does.</param>
    public Peer(string script, string[] arguments, string? libraryPath = null)
        : this("/usr/bin/python3", script, arguments, libraryPath)
    {
    }

    Peer(string interpreter, string script, string[] arguments, string? libraryPath)
    {
        var start = new ProcessStartInfo(interpreter, [Path.Combine(AppContext.BaseDirectory, script), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        if (libraryPath is not null)
            start.Environment["LD_LIBRARY_PATH"] = libraryPath;
        // The allocator's settings are a lever of ours, set by the script; the peer has Python's and glibc's defaults.
        foreach (var name in new[] { "MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_" })
            start.Environment.Remove(name);
        _process = Process.Start(start) ?? throw new InvalidOperationException($"The peer {script} did not start.");
        Greeting = Read();
    }

    /// <summary>What the peer said when it was ready.</summary>
    public JsonElement Greeting { get; }

    public static Peer Node(string script, params string[] arguments) => new("node", script, arguments, libraryPath: null);

    public JsonElement Ask(string request)
    {
        _process.StandardInput.WriteLine(request);
        _process.StandardInput.Flush();
        return Read();
    }

    JsonElement Read() => JsonDocument.Parse(_process.StandardOutput.ReadLine()
        ?? throw new InvalidOperationException("The peer ended; its error is above.")).RootElement;

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
