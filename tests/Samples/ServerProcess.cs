using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;

namespace NoisyNN.Tests.Samples;

/// <summary>
/// The serving sample as a process, with a client for it. Its log is read all the time, so that it never waits for a reader.
/// </summary>
sealed class ServerProcess : IDisposable
{
    readonly Process _process;
    readonly ConcurrentQueue<string> _lines = new();
    readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Task _reading;

    ServerProcess(Process process)
    {
        _process = process;
        _reading = Task.Run(ReadAsync);
    }

    public HttpClient Client { get; private init; } = new();

    public IReadOnlyList<string> Log => [.. _lines];

    public static async Task<ServerProcess> StartAsync(string model, params string[] options)
    {
        var server = new ServerProcess(SampleProcess.Start("Serve", ["--model", model, "--urls", "http://127.0.0.1:0", .. options]));
        try
        {
            server.Client.BaseAddress = await server._address.Task;
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    public Task<HttpResponseMessage> PostAsync(byte[] image) => Client.PostAsync("score", new ByteArrayContent(image));

    /// <summary>The answer to an image that the server can use.</summary>
    public async Task<JsonNode> ScoreAsync(byte[] image)
    {
        using var answer = await PostAsync(image);
        return await ReadAsync(answer, HttpStatusCode.OK);
    }

    /// <summary>The JSON of an answer with a status.</summary>
    public static async Task<JsonNode> ReadAsync(HttpResponseMessage answer, HttpStatusCode status)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.AreEqual(status, answer.StatusCode, text);
        return JsonNode.Parse(text)!;
    }

    /// <summary>Asks the server to stop, as service managers and Kubernetes do.</summary>
    public void Terminate()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    public async Task<int> ExitCodeAsync()
    {
        await _process.WaitForExitAsync();
        await _reading;
        return _process.ExitCode;
    }

    public void Dispose()
    {
        Client.Dispose();
        if (!_process.HasExited)
            Terminate();
        // The server deletes its copy of the model, unless it hangs.
        if (!_process.WaitForExit(TimeSpan.FromSeconds(30)))
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    async Task ReadAsync()
    {
        const string words = "Now listening on: ";
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            _lines.Enqueue(line);
            if (line.IndexOf(words, StringComparison.Ordinal) is >= 0 and var start)
                _address.TrySetResult(new Uri(line[(start + words.Length)..].Trim()));
        }
        _address.TrySetException(new InvalidOperationException("The server ended before it listened."));
    }
}
