#!/usr/bin/env dotnet
// Serves an image classifier: posted images (PNG, JPEG, WebP, BMP, GIF) are decoded as the command line decodes them, and scored in
// micro-batches. What cannot be used is refused with a status and the reason.
//
//   dotnet run -c Release samples/serve.cs --model model.onnx --urls http://localhost:5000
//   curl --data-binary @photo.png http://localhost:5000/score
//
// The model runs in a process of its own, because a file can crash ONNX Runtime; --trusted true runs it in the server itself. A new
// content of the model file takes over while requests go on. docs/serving.md describes options, addresses and answers.
#:sdk Microsoft.NET.Sdk.Web
#:project ../transforms/NoisyNN.Transforms.csproj
#:package Microsoft.ML.OnnxRuntime
#:property PublishAot=false
#:property RootNamespace=NoisyNN.Samples
#:include serve/*.cs

using System.Text.Json.Serialization;
using NoisyNN.Samples.Serve;

try
{
    var builder = WebApplication.CreateSlimBuilder(args);
    var options = ServerOptions.Read(args, builder.Configuration);
    using var slot = new ModelSlot(options);
    using var figures = new PrometheusText("NoisyNN.Scoring", MicroBatches.MeterName, "Microsoft.AspNetCore.Hosting");

    // One line a request, and nothing of the framework but warnings.
    builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
    builder.Logging.AddSimpleConsole(console =>
    {
        console.SingleLine = true;
        console.TimestampFormat = "yyyy-MM-ddTHH:mm:ssZ ";
        console.UseUtcTimestamp = true;
    });
    builder.WebHost.ConfigureKestrel(server =>
    {
        server.AddServerHeader = false;
        server.Limits.MaxRequestBodySize = options.LongestBody;
    });
    // Requests under way have their time to end.
    builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.Drain + options.Timeout + TimeSpan.FromSeconds(5));
    builder.Services.ConfigureHttpJsonOptions(json =>
    {
        json.SerializerOptions.TypeInfoResolverChain.Insert(0, AnswersJson.Default);
        json.SerializerOptions.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
    });
    builder.Services.AddProblemDetails();
    builder
        .Services.AddSingleton(options)
        .AddSingleton(slot)
        .AddSingleton<MicroBatches>()
        .AddSingleton<Scoring>()
        .AddSingleton<Readiness>();
    builder.Services.AddHostedService(services => services.GetRequiredService<MicroBatches>());
    builder.Services.AddHostedService(services => services.GetRequiredService<Readiness>());
    builder.Services.AddHostedService<ModelWatch>();

    await using var app = builder.Build();
    app.UseMiddleware<RequestLog>();
    app.UseStatusCodePages();

    var key = options.ApiKey is { } text ? new ApiKey(text) : null;
    app.MapPost(
        "/score",
        async (HttpRequest request, Scoring scoring) =>
        {
            key?.Require(request);
            return Results.Ok(await scoring.AnswerAsync(request));
        }
    );
    app.MapPost(
        "/model/reload",
        async (HttpRequest request) =>
        {
            if (key is null)
                throw new RefusedException(
                    StatusCodes.Status403Forbidden,
                    "Anybody could do this. Start the server with a key (--api-key), or wait: it looks at the model file every second."
                );
            key.Require(request);
            try
            {
                return Results.Ok(await slot.ReloadAsync(request.HttpContext.RequestAborted));
            }
            catch (Exception unusable) when (ModelSlot.IsUnusable(unusable))
            {
                throw new RefusedException(StatusCodes.Status422UnprocessableEntity, unusable.Message, unusable);
            }
        }
    );
    app.MapGet("/health/live", () => Results.Ok(new Health("ok")));
    app.MapGet("/health/ready", Ready);
    app.MapGet("/health", Ready);
    app.MapGet("/metrics", () => Results.Text(figures.Write(), "text/plain; version=0.0.4; charset=utf-8"));
    app.MapGet("/openapi.json", () => Results.Text(OpenApi.Document, "application/json"));

    await app.StartAsync();
    foreach (var address in app.Urls)
        Log.Listening(app.Logger, address);
    Log.Model(app.Logger, slot.Identity.Name, slot.Identity.Sha256);
    await app.WaitForShutdownAsync();
    return 0;

    static async Task<IResult> Ready(Readiness readiness, CancellationToken cancellation)
    {
        var health = await readiness.LookAsync(cancellation);
        return Results.Json(health, statusCode: health.Reason is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}
catch (Exception unusable) when (ModelSlot.IsUnusable(unusable))
{
    // An option, the model file, or an address that is taken.
    await Console.Error.WriteLineAsync(unusable.Message);
    return 2;
}

static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Now listening on: {Address}")]
    public static partial void Listening(ILogger logger, string address);

    [LoggerMessage(2, LogLevel.Information, "{Name} with SHA-256 {Hash} scores")]
    public static partial void Model(ILogger logger, string name, string hash);
}
