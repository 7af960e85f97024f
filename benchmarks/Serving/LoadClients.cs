using System.Collections.Concurrent;
using System.Diagnostics;

namespace NoisyNN.Benchmarks.Serving;

/// <summary>Clients that send good requests and measure how long the answers take.</summary>
sealed class LoadClients(LoadedServer server)
{
    readonly ConcurrentBag<double> _times = [];
    int _sent;

    /// <summary>Each client sends its next request when it has the answer to the last one.</summary>
    public async Task<AnswerTimes> CloseAsync(int clientCount, TimeSpan duration)
    {
        _times.Clear();
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(
            Enumerable
                .Range(0, clientCount)
                .Select(_ =>
                    Task.Run(async () =>
                    {
                        while (clock.Elapsed < duration)
                            await PostAsync();
                    })
                )
        );
        return new([.. _times], clock.Elapsed);
    }

    /// <summary>Requests begin at even intervals, whether earlier ones are answered or not, as those of many users do.</summary>
    public async Task<AnswerTimes> OpenAsync(double perSecond, TimeSpan duration)
    {
        _times.Clear();
        var clock = Stopwatch.StartNew();
        List<Task> requests = [];
        for (var number = 0; number < perSecond * duration.TotalSeconds; number++)
        {
            var due = TimeSpan.FromSeconds(number / perSecond) - clock.Elapsed;
            if (due > TimeSpan.Zero)
                await Task.Delay(due);
            requests.Add(PostAsync());
        }
        await Task.WhenAll(requests);
        return new([.. _times], clock.Elapsed);
    }

    async Task PostAsync()
    {
        var good = PostedRequest.Good;
        var request = good[(int)((uint)Interlocked.Increment(ref _sent) % good.Count)];
        using var body = request.Body();
        var start = Stopwatch.GetTimestamp();
        using var answer = await server.Client.PostAsync("score", body);
        if (answer.StatusCode != request.Status)
            throw new InvalidOperationException($"{request.Name}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        _times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
    }
}
