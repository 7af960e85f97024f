using System.Diagnostics;

namespace NoisyNN.Samples.Serve;

/// <summary>What surrounds every request: a line in the log, and reasons for refusals as problem details (RFC 9457).</summary>
sealed partial class RequestLog(RequestDelegate next, ILogger<RequestLog> log)
{
    const int ClientClosedRequest = 499;
    const int LongestPath = 200;

    public async Task InvokeAsync(HttpContext context)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            await next(context);
        }
        catch (RefusedException refusal)
        {
            await RefuseAsync(context, refusal.Status, refusal.Message);
        }
        catch (BadHttpRequestException refusal)
        {
            await RefuseAsync(context, refusal.StatusCode, refusal.Message);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            if (!context.Response.HasStarted)
                context.Response.StatusCode = ClientClosedRequest;
        }
        catch (Exception fault)
        {
            LogFault(fault);
            await RefuseAsync(context, StatusCodes.Status500InternalServerError, "A fault of the server. Its log says more.");
        }
        // The path stays percent-encoded, so that it has no line breaks.
        var path = context.Request.Path.ToUriComponent();
        LogRequest(
            context.Request.Method,
            path.Length <= LongestPath ? path : $"{path[..LongestPath]}…",
            context.Response.StatusCode,
            Stopwatch.GetElapsedTime(start).TotalMilliseconds
        );
    }

    static async Task RefuseAsync(HttpContext context, int status, string reason)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }
        context.Response.Clear();
        if (status == StatusCodes.Status503ServiceUnavailable)
            context.Response.Headers.RetryAfter = "1";
        if (status == StatusCodes.Status401Unauthorized)
            context.Response.Headers.WWWAuthenticate = "Bearer";
        await Results.Problem(reason, statusCode: status).ExecuteAsync(context);
    }

    [LoggerMessage(1, LogLevel.Information, "{Method} {Path} {Status} {Milliseconds:0.0} ms")]
    partial void LogRequest(string method, string path, int status, double milliseconds);

    [LoggerMessage(2, LogLevel.Error, "A fault of the server")]
    partial void LogFault(Exception fault);
}

/// <summary>A request is refused.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="reason">A sentence for the client.</param>
/// <param name="cause">What lies behind it.</param>
sealed class RefusedException(int status, string reason, Exception? cause = null) : Exception(reason, cause)
{
    public int Status => status;
}
