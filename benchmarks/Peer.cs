using System.Diagnostics;
using System.Text.Json;

namespace NoisyNN.Benchmarks;

/// <summary>The other side of a comparison: a process that greets with a line of JSON and then answers one to each line it is sent.</summary>
sealed class Peer : IDisposable
{
    readonly Process _process;

    public Peer(string script, params string[] arguments)
        : this("/usr/bin/python3", script, arguments)
    {
    }

    Peer(string interpreter, string script, string[] arguments)
    {
        var start = new ProcessStartInfo(interpreter, [Path.Combine(AppContext.BaseDirectory, script), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        _process = Process.Start(start) ?? throw new InvalidOperationException($"The peer {script} did not start.");
        Greeting = Read();
    }

    /// <summary>What the peer said when it was ready.</summary>
    public JsonElement Greeting { get; }

    public static Peer Node(string script, params string[] arguments) => new("node", script, arguments);

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
