using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace NoisyNN.Tests.Data;

/// <summary>One request that a <see cref="FileServer"/> got.</summary>
/// <param name="Path">What was asked for, such as <c>/train-images.gz</c>.</param>
/// <param name="Range">The first byte that was asked for; null for all.</param>
/// <param name="IfRange">The version that must be continued.</param>
sealed record FileRequest(string Path, long? Range, string? IfRange);

/// <summary>How a <see cref="FileServer"/> answers a request.</summary>
sealed record FileAnswer
{
    public int Status { get; init; } = 200;

    /// <summary>The body's bytes; a range of them for status 206.</summary>
    public byte[] Body { get; init; } = [];

    /// <summary>Header lines beside the length.</summary>
    public IReadOnlyList<string> Headers { get; init; } = [];

    /// <summary>The length to declare; the body's own by default, and none if negative.</summary>
    public long? DeclaredLength { get; init; }

    /// <summary>Bytes of the body after which the connection breaks; null to send all.</summary>
    public int? CutAfter { get; init; }

    /// <summary>Runs after these bytes, before the connection breaks or the rest is sent.</summary>
    public Func<CancellationToken, Task>? Pause { get; init; }
}

/// <summary>A small HTTP server on 127.0.0.1 that answers as a test says, one request a connection.</summary>
sealed class FileServer : IDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _stop = new();
    readonly Func<FileRequest, int, FileAnswer> _answer;
    readonly ConcurrentQueue<FileRequest> _requests = new();
    readonly Task _work;

    /// <param name="answer">The answer to a request; the number counts the requests from 0.</param>
    public FileServer(Func<FileRequest, int, FileAnswer> answer)
    {
        _answer = answer;
        _listener.Start();
        _work = AcceptAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");

    public IReadOnlyList<FileRequest> Requests => [.. _requests];

    /// <summary>Bytes from the requested offset on, as a server that knows ranges gives them.</summary>
    public static FileAnswer Content(FileRequest request, byte[] content, params string[] headers) =>
        request.Range is { } from
            ? new()
            {
                Status = 206,
                Body = content[(int)from..],
                Headers = [.. headers, $"Content-Range: bytes {from}-{content.Length - 1}/{content.Length}"],
            }
            : new() { Body = content, Headers = headers };

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Stop();
        _work.Wait(TimeSpan.FromSeconds(10));
        _stop.Dispose();
    }

    async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = AnswerAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    async Task AnswerAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                var answer = await AnswerToAsync(stream);
                var length = answer.DeclaredLength ?? answer.Body.Length;
                var head = new StringBuilder().Append(
                    CultureInfo.InvariantCulture,
                    $"HTTP/1.1 {answer.Status} Status\r\nConnection: close\r\n"
                );
                if (length >= 0)
                    head.Append(CultureInfo.InvariantCulture, $"Content-Length: {length}\r\n");
                foreach (var header in answer.Headers)
                    head.Append(header).Append("\r\n");
                await stream.WriteAsync(Encoding.ASCII.GetBytes(head.Append("\r\n").ToString()), _stop.Token);
                var first = answer.CutAfter ?? answer.Body.Length;
                await stream.WriteAsync(answer.Body.AsMemory(0, first), _stop.Token);
                if (answer.Pause is { } pause)
                    await pause(_stop.Token);
            }
            catch (Exception exception) when (exception is OperationCanceledException or IOException or SocketException)
            {
                // The client went away, or the test is over.
            }
        }
    }

    async Task<FileAnswer> AnswerToAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        var path = (await reader.ReadLineAsync(_stop.Token))!.Split(' ')[1];
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (await reader.ReadLineAsync(_stop.Token) is { Length: > 0 } line)
            headers[line[..line.IndexOf(':', StringComparison.Ordinal)]] = line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
        long? range = headers.TryGetValue("Range", out var text)
            ? long.Parse(text["bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture)
            : null;
        var request = new FileRequest(path, range, headers.GetValueOrDefault("If-Range"));
        int number;
        lock (_requests)
        {
            number = _requests.Count;
            _requests.Enqueue(request);
        }
        return _answer(request, number);
    }
}
