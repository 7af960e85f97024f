using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;

namespace NoisyNN.Benchmarks.Serving;

/// <summary>
/// Good, bad and hostile requests at an even rate while models change. Every good answer must be that of the model that it names, and every
/// other request must be refused with its own status.
/// </summary>
sealed class MixedLoad(LoadedServer server, double perSecond, TimeSpan duration)
{
    readonly ConcurrentDictionary<string, int> _statuses = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<(string Request, string Model), string> _answers = new();
    readonly ConcurrentDictionary<string, int> _wrong = new(StringComparer.Ordinal);
    readonly List<double> _memory = [];
    int _good,
        _bad,
        _aborted,
        _swaps;

    /// <summary>Whether every request had its right answer.</summary>
    public bool IsRight => _wrong.IsEmpty;

    /// <param name="file">The model that the server watches.</param>
    /// <param name="models">The models that take turns in its place.</param>
    /// <param name="swaps">How often they do.</param>
    public async Task RunAsync(string file, IReadOnlyList<string> models, double swaps)
    {
        using var end = new CancellationTokenSource(duration);
        var changing = SwapAsync(file, models, swaps);
        var watching = WatchAsync(end.Token);
        var clock = Stopwatch.StartNew();
        HashSet<Task> requests = [];
        for (var number = 0; clock.Elapsed < duration; number++)
        {
            var due = TimeSpan.FromSeconds(number / perSecond) - clock.Elapsed;
            if (due > TimeSpan.Zero)
                await Task.Delay(due);
            requests.Add(SendAsync(number));
            if (number % 100 == 0)
                requests.RemoveWhere(request => request.IsCompleted);
        }
        await Task.WhenAll(requests);
        await Task.WhenAll(changing, watching);
    }

    public void Print(Action<FormattableString> print)
    {
        print(
            $"{duration.TotalMinutes:0} minutes: {_good} good requests, {_bad} bad or hostile, {_aborted} aborted by the client; {_swaps} swaps"
        );
        foreach (var (status, count) in _statuses.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            print($"  {status}: {count}");
        print($"  without the right answer: {_wrong.Values.Sum()}");
        foreach (var (what, count) in _wrong.Take(20))
            print($"    {what}: {count}");
        var tenths = _memory
            .Chunk(Math.Max(1, (_memory.Count + 9) / 10))
            .Select(tenth => FormattableString.Invariant($"{tenth.Average():0}"));
        print($"  resident memory by tenths of the time, in MiB: {string.Join(' ', tenths)}");
        // The first tenth is left out: code is compiled and buffers grow.
        var later = _memory.Skip(_memory.Count / 10).ToArray();
        var (early, late) = (later[..(later.Length / 2)].Average(), later[(later.Length / 2)..].Average());
        print(
            $"  resident memory: {early:0} MiB in the first half, {late:0} MiB in the second ({100 * (late / early - 1):+0.0;-0.0} %), {_memory.Max():0} MiB at most"
        );
    }

    /// <summary>Of 20 requests 13 are good, 6 are bad or hostile, and one is aborted.</summary>
    async Task SendAsync(int number)
    {
        if (number % 20 == 19)
        {
            await AbortAsync(number);
            return;
        }
        var kinds = number % 20 < 13 ? PostedRequest.Good : PostedRequest.Bad;
        var request = kinds[number % kinds.Count];
        try
        {
            using var body = request.Body();
            using var message = new HttpRequestMessage(HttpMethod.Post, "score")
            {
                Content = body,
                Headers = { ExpectContinue = !request.IsGood },
            };
            using var answer = await server.Client.SendAsync(message);
            var text = await answer.Content.ReadAsStringAsync();
            _statuses.AddOrUpdate($"{(int)answer.StatusCode} {answer.StatusCode}", 1, (_, count) => count + 1);
            if (answer.StatusCode != request.Status)
                Wrong($"{request.Name}: {(int)answer.StatusCode} in place of {(int)request.Status}, {text}");
            else if (request.IsGood)
                Compare(request, text);
            Interlocked.Increment(ref request.IsGood ? ref _good : ref _bad);
        }
        catch (HttpRequestException lost)
        {
            Wrong($"{request.Name}: {lost.Message}");
        }
    }

    /// <summary>A client that goes away in the middle.</summary>
    async Task AbortAsync(int number)
    {
        using var time = new CancellationTokenSource(TimeSpan.FromMilliseconds(number % 7));
        using var body = PostedRequest.Good[1].Body();
        try
        {
            using var answer = await server.Client.PostAsync("score", body, time.Token);
        }
        catch (OperationCanceledException)
        {
            Interlocked.Increment(ref _aborted);
        }
    }

    /// <summary>Each model has one answer to a request, whatever it shared a batch with, to the sixth digit.</summary>
    void Compare(PostedRequest request, string text)
    {
        using var answer = JsonDocument.Parse(text);
        var model = answer.RootElement.GetProperty("model").GetProperty("sha256").GetString()!;
        var predictions = string.Join(
            ' ',
            answer
                .RootElement.GetProperty("predictions")
                .EnumerateArray()
                .SelectMany(prediction => prediction.GetProperty("probabilities").EnumerateArray())
                .Select(one => FormattableString.Invariant($"{one.GetProperty("probability").GetDouble():0.0000}"))
        );
        if (_answers.GetOrAdd((request.Name, model), predictions) != predictions)
            Wrong($"{request.Name}: another answer of the same model");
    }

    async Task SwapAsync(string file, IReadOnlyList<string> models, double swaps)
    {
        var clock = Stopwatch.StartNew();
        for (var swap = 1; swap <= swaps; swap++)
        {
            var due = duration * (swap / (swaps + 1)) - clock.Elapsed;
            if (due > TimeSpan.Zero)
                await Task.Delay(due);
            File.Copy(models[swap % models.Count], $"{file}.new");
            File.Move($"{file}.new", file, overwrite: true);
            using var answer = await server.Client.PostAsync("model/reload", content: null);
            if (!answer.IsSuccessStatusCode)
                Wrong($"swap: {(int)answer.StatusCode}, {await answer.Content.ReadAsStringAsync()}");
            _swaps++;
        }
    }

    async Task WatchAsync(CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            _memory.Add(server.Memory());
            await Task.Delay(500, CancellationToken.None);
        }
    }

    void Wrong(string what) => _wrong.AddOrUpdate(what, 1, (_, count) => count + 1);
}
