using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NoisyNN.Tests.Experiments.Tracking;

/// <summary>
/// A small MLflow server. It checks each call against the public description of the REST API 2.0
/// (https://mlflow.org/docs/latest/rest-api.html): the path, the method, and the name and type of every field.
/// </summary>
sealed class MlflowTestServer : IDisposable
{
    /// <summary>Fields by call: type, and "!" where the description says that a field is required.</summary>
    static readonly Dictionary<string, Dictionary<string, string>> s_description = new()
    {
        ["experiments/create"] = new()
        {
            ["name"] = "string!",
            ["artifact_location"] = "string",
            ["tags"] = "entries",
        },
        ["runs/create"] = new()
        {
            ["experiment_id"] = "string!",
            ["run_name"] = "string",
            ["user_id"] = "string",
            ["start_time"] = "int64",
            ["tags"] = "entries",
        },
        ["runs/log-batch"] = new()
        {
            ["run_id"] = "string!",
            ["metrics"] = "metrics",
            ["params"] = "entries",
            ["tags"] = "entries",
        },
        ["runs/update"] = new()
        {
            ["run_id"] = "string!",
            ["status"] = "status",
            ["end_time"] = "int64",
            ["run_name"] = "string",
        },
    };

    static readonly string[] s_statuses = ["RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"];

    readonly HttpListener _listener = new();
    readonly Func<string, int>? _answer;
    readonly Task _worker;
    bool _hasExperiment;

    /// <param name="answer">The status of a call, instead of 200; 0 for no answer at all.</param>
    public MlflowTestServer(Func<string, int>? answer = null)
    {
        _answer = answer;
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            Address = new Uri($"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/");
        }
        _listener.Prefixes.Add(Address.ToString());
        _listener.Start();
        _worker = Task.Run(Serve);
    }

    public Uri Address { get; }

    /// <summary>The calls in their order: what was asked, and the body.</summary>
    public ConcurrentQueue<(string Call, JsonNode Body)> Calls { get; } = new();

    /// <summary>What does not fit the description.</summary>
    public ConcurrentQueue<string> Mistakes { get; } = new();

    public string? Authorization { get; private set; }

    public IEnumerable<JsonNode> Bodies(string call) => Calls.Where(one => one.Call == call).Select(one => one.Body);

    public void Dispose()
    {
        _listener.Close();
        _worker.Wait(TimeSpan.FromSeconds(5));
    }

    async Task Serve()
    {
        try
        {
            while (true)
                await Answer(await _listener.GetContextAsync());
        }
        catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException) { }
    }

    async Task Answer(HttpListenerContext context)
    {
        const string root = "/api/2.0/mlflow/";
        var path = context.Request.Url!.AbsolutePath;
        if (!path.StartsWith(root, StringComparison.Ordinal))
            Mistakes.Enqueue($"{path} is no path of the API");
        var call = path[root.Length..];
        Authorization = context.Request.Headers["Authorization"];
        using var reader = new StreamReader(context.Request.InputStream);
        var body = await reader.ReadToEndAsync();
        var (status, answer) = (200, "{}");
        if (call == "experiments/get-by-name")
        {
            Require(context.Request.HttpMethod == "GET" && context.Request.QueryString["experiment_name"] is { Length: > 0 }, call);
            (status, answer) = _hasExperiment
                ? (200, """{"experiment": {"experiment_id": "7", "name": "x", "lifecycle_stage": "active"}}""")
                : (404, """{"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "none"}""");
        }
        else
        {
            Require(
                context.Request.HttpMethod == "POST"
                    && context.Request.ContentType?.StartsWith("application/json", StringComparison.Ordinal) == true,
                call
            );
            Check(call, body);
            _hasExperiment |= call == "experiments/create";
            answer = call switch
            {
                "experiments/create" => """{"experiment_id": "7"}""",
                "runs/create" => """{"run": {"info": {"run_id": "abc", "status": "RUNNING"}, "data": {}}}""",
                _ => "{}",
            };
        }
        if (_answer?.Invoke(call) is { } other and not 200)
            (status, answer) = (other, "no");
        if (status == 0)
            return; // The caller waits until it has had enough.
        context.Response.StatusCode = status;
        await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(answer));
        context.Response.Close();
    }

    void Check(string call, string text)
    {
        if (!s_description.TryGetValue(call, out var fields))
        {
            Mistakes.Enqueue($"{call} is no call of the API");
            return;
        }
        var body = JsonNode.Parse(text)!.AsObject();
        Calls.Enqueue((call, body));
        foreach (var field in body)
            Require(
                fields.TryGetValue(field.Key, out var type) && Has(field.Value, type.TrimEnd('!')),
                $"{call}.{field.Key}: {field.Value}"
            );
        foreach (var (name, type) in fields.Where(field => field.Value.EndsWith('!')))
            Require(body.ContainsKey(name), $"{call} needs {name} ({type})");
        Require((body["metrics"] as JsonArray)?.Count is null or <= 1000, $"{call}: too many metrics");
        Require((body["params"] as JsonArray)?.Count is null or <= 100, $"{call}: too many parameters");
        Require((body["tags"] as JsonArray)?.Count is null or <= 100, $"{call}: too many tags");
    }

    static bool Has(JsonNode? value, string type) =>
        type switch
        {
            "string" => value?.GetValueKind() is JsonValueKind.String,
            "int64" => value?.GetValueKind() is JsonValueKind.Number && value.AsValue().TryGetValue<long>(out _),
            "double" => value?.GetValueKind() is JsonValueKind.Number,
            "status" => s_statuses.Contains((string?)value),
            "entries" => value is JsonArray entries
                && entries.All(entry =>
                    Fields(entry, "key", "value")
                    && Has(entry!["key"], "string")
                    && Has(entry["value"], "string")
                    && IsName((string)entry["key"]!)
                ),
            "metrics" => value is JsonArray metrics
                && metrics.All(metric =>
                    Fields(metric, "key", "value", "timestamp", "step")
                    && IsName((string)metric!["key"]!)
                    && Has(metric["value"], "double")
                    && Has(metric["timestamp"], "int64")
                    && Has(metric["step"], "int64")
                ),
            _ => throw new NotSupportedException(type),
        };

    static bool Fields(JsonNode? node, params string[] names) =>
        node is JsonObject entry && entry.Select(field => field.Key).SequenceEqual(names);

    /// <summary>Names may have letters, digits, underscores, dashes, periods, spaces, colons and slashes, at most 250.</summary>
    static bool IsName(string name) =>
        name.Length is > 0 and <= 250
        && name.All(letter => char.IsLetterOrDigit(letter) || "_-. :/".Contains(letter, StringComparison.Ordinal));

    void Require(bool holds, string what)
    {
        if (!holds)
            Mistakes.Enqueue(what);
    }
}
