using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace NoisyNN.Pipelines.Experiments.Tracking;

/// <summary>A value of a metric.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Value">The value.</param>
/// <param name="Timestamp">When it was measured, milliseconds since 1970.</param>
/// <param name="Step">The epoch.</param>
sealed record MlflowMetric(string Key, double Value, long Timestamp, long Step);

/// <summary>A parameter or a tag.</summary>
sealed record MlflowEntry(string Key, string Value);

/// <summary>
/// The calls of <see href="https://mlflow.org/docs/latest/rest-api.html">MLflow's REST API 2.0</see> that log a run. A call that the server
/// refuses, or does not answer in time, is an <see cref="HttpRequestException"/> or a <see cref="TaskCanceledException"/>.
/// </summary>
sealed class MlflowClient : IDisposable
{
    // The server's own limits of a call.
    const int MostEntries = 100,
        MostMetrics = 1000;

    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    readonly HttpClient _http;
    readonly CancellationToken _cancellation;

    public MlflowClient(MlflowServer server, CancellationToken cancellation)
    {
        _http = new HttpClient { BaseAddress = new Uri(server.Address, "api/2.0/mlflow/"), Timeout = s_patience };
        _http.DefaultRequestHeaders.Authorization = server.Credentials;
        _cancellation = cancellation;
    }

    /// <summary>The id of an experiment, which is created if it is missing.</summary>
    public async Task<string> RequireExperiment(string name)
    {
        if (await FindExperiment(name) is { } found)
            return found;
        using var response = await _http.PostAsJsonAsync("experiments/create", new { Name = name }, s_json, _cancellation);
        // Another run may have created it meanwhile.
        if (!response.IsSuccessStatusCode && await FindExperiment(name) is { } meanwhile)
            return meanwhile;
        return Text(await Read(response), "experiment_id");
    }

    /// <summary>Begins a run, and returns its id.</summary>
    public async Task<string> CreateRun(string experimentId, string name, DateTimeOffset start, IReadOnlyList<MlflowEntry> tags)
    {
        var answer = await Post(
            "runs/create",
            new
            {
                ExperimentId = experimentId,
                RunName = name,
                StartTime = start.ToUnixTimeMilliseconds(),
                Tags = tags,
            }
        );
        return Text(answer["run"]?["info"], "run_id");
    }

    /// <summary>Logs metrics, parameters and tags, in as many calls as the limits of the server ask for.</summary>
    public async Task Log(
        string runId,
        IEnumerable<MlflowMetric>? metrics = null,
        IEnumerable<MlflowEntry>? parameters = null,
        IEnumerable<MlflowEntry>? tags = null
    )
    {
        foreach (var batch in (metrics ?? []).Chunk(MostMetrics))
            await Post("runs/log-batch", new { RunId = runId, Metrics = batch });
        foreach (var batch in (parameters ?? []).Chunk(MostEntries))
            await Post("runs/log-batch", new { RunId = runId, Params = batch });
        foreach (var batch in (tags ?? []).Chunk(MostEntries))
            await Post("runs/log-batch", new { RunId = runId, Tags = batch });
    }

    /// <summary>Ends a run: FINISHED, FAILED or KILLED.</summary>
    public Task EndRun(string runId, string status, DateTimeOffset end) =>
        Post(
            "runs/update",
            new
            {
                RunId = runId,
                Status = status,
                EndTime = end.ToUnixTimeMilliseconds(),
            }
        );

    public void Dispose() => _http.Dispose();

    async Task<string?> FindExperiment(string name)
    {
        using var response = await _http.GetAsync($"experiments/get-by-name?experiment_name={Uri.EscapeDataString(name)}", _cancellation);
        return response.StatusCode is HttpStatusCode.NotFound ? null : Text((await Read(response))["experiment"], "experiment_id");
    }

    async Task<JsonNode> Post(string path, object body)
    {
        using var response = await _http.PostAsJsonAsync(path, body, s_json, _cancellation);
        return await Read(response);
    }

    async Task<JsonNode> Read(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync(_cancellation);
        if (!response.IsSuccessStatusCode)
            throw new HttpRequestException($"it answers {(int)response.StatusCode} to {response.RequestMessage?.RequestUri?.AbsolutePath}");
        try
        {
            return JsonNode.Parse(text) ?? new JsonObject();
        }
        catch (JsonException noAnswer)
        {
            throw new HttpRequestException($"its answer to {response.RequestMessage?.RequestUri?.AbsolutePath} is no JSON", noAnswer);
        }
    }

    static string Text(JsonNode? node, string key) =>
        (node as JsonObject)?[key] is JsonValue value && value.TryGetValue<string>(out var text)
            ? text
            : throw new HttpRequestException($"its answer has no '{key}'");
}
