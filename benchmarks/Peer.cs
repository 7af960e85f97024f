using System.Diagnostics;
using System.Text.Json;

namespace NoisyNN.Benchmarks;

/// <summary>The other side of a comparison: a Python process that answers one line of JSON to each line it is sent.</summary>
sealed class Peer : IDisposable
{
    readonly Process _process;

    public Peer(string script, params string[] arguments)
    {
        var start = new ProcessStartInfo("/usr/bin/python3", [Path.Combine(AppContext.BaseDirectory, script), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        _process = Process.Start(start) ?? throw new InvalidOperationException($"The peer {script} did not start.");
        Read();
    }

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
