using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;

namespace NoisyNN.Pipelines.Data.Downloads;

/// <summary>The bytes of one file at an http or https address, from any offset.</summary>
/// <param name="client">From <see cref="CreateClient"/>.</param>
/// <param name="address">The address.</param>
/// <param name="size">Bytes that the file must have.</param>
/// <param name="patience">How long the server may take to answer.</param>
sealed class HttpSource(HttpClient client, Uri address, long size, TimeSpan patience)
{
    const int MostRedirects = 5;

    /// <summary>Creates a client without cookies. It follows no redirects itself, so that the address of each one is checked.</summary>
    public static HttpClient CreateClient()
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false };
        var client = new HttpClient(handler)
        {
            // Every attempt has its own limits: for the answer, and for each pause within it.
            Timeout = Timeout.InfiniteTimeSpan,
        };
        client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue(new ProductHeaderValue("noisynn")));
        return client;
    }

    /// <summary>Requests the bytes from an offset.</summary>
    /// <param name="offset">The number of bytes that are there already.</param>
    /// <param name="version">Their version; null if the server named none.</param>
    /// <param name="cancellation">Ends the request.</param>
    /// <returns>The answer, which begins at the offset (206) or at the start (200).</returns>
    /// <exception cref="DownloadException">The server cannot be reached, refuses, or has a file of another size.</exception>
    public async Task<HttpResponseMessage> RequestAsync(long offset, RangeConditionHeaderValue? version, CancellationToken cancellation)
    {
        var target = address;
        var response = await SendAsync(target, offset, version, cancellation).ConfigureAwait(false);
        for (var redirects = 0; NextOf(response, target) is { } next; redirects++)
        {
            response.Dispose();
            if (redirects == MostRedirects)
                throw new DownloadException($"redirects more than {MostRedirects} times, at last to {next}");
            response = await SendAsync(target = next, offset, version, cancellation).ConfigureAwait(false);
        }
        try
        {
            Judge(response, offset);
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    /// <summary>The version that a later request can continue: a strong entity tag, else the date of the last change.</summary>
    public static RangeConditionHeaderValue? VersionOf(HttpResponseMessage response) =>
        response.Headers.ETag is { IsWeak: false } tag ? new(tag)
        : response.Content.Headers.LastModified is { } date ? new(date)
        : null;

    /// <summary>Where an answer redirects to; null if it does not.</summary>
    static Uri? NextOf(HttpResponseMessage response, Uri current)
    {
        if (
            response.StatusCode
                is not (
                    HttpStatusCode.MovedPermanently
                    or HttpStatusCode.Found
                    or HttpStatusCode.SeeOther
                    or HttpStatusCode.TemporaryRedirect
                    or HttpStatusCode.PermanentRedirect
                )
            || response.Headers.Location is not { } location
        )
            return null;
        var next = new Uri(current, location);
        if (next.Scheme == Uri.UriSchemeHttps || (next.Scheme == Uri.UriSchemeHttp && current.Scheme == Uri.UriSchemeHttp))
            return next;
        response.Dispose();
        throw new DownloadException(
            $"redirects to {next}, which is refused: only http and https are followed, and never from https to http"
        );
    }

    async Task<HttpResponseMessage> SendAsync(Uri target, long offset, RangeConditionHeaderValue? version, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, target);
        if (offset > 0)
            (request.Headers.Range, request.Headers.IfRange) = (new RangeHeaderValue(offset, null), version);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(patience);
        try
        {
            return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (!cancellation.IsCancellationRequested)
        {
            throw new DownloadException($"did not answer within {patience.TotalSeconds:0.#} s", exception)
            {
                IsTransient = true,
                IsWithoutAnswer = true,
            };
        }
        catch (HttpRequestException exception)
        {
            throw new DownloadException($"cannot be reached ({Cause(exception)})", exception)
            {
                // An invalid certificate stays invalid.
                IsTransient = exception.InnerException is not AuthenticationException,
                IsWithoutAnswer = true,
            };
        }
    }

    void Judge(HttpResponseMessage response, long offset)
    {
        var length = response.Content.Headers.ContentLength;
        switch (response.StatusCode)
        {
            case HttpStatusCode.OK:
                if (length is not null && length != size)
                    throw new DownloadException($"has {length} bytes, not the {size} of the manifest");
                break;
            case HttpStatusCode.PartialContent when offset > 0:
                var range = response.Content.Headers.ContentRange;
                if (range is not { Unit: "bytes" } || range.From != offset || range.To != size - 1 || (range.Length ?? size) != size)
                    throw new DownloadException(
                        $"was asked for the bytes {offset} to {size - 1} of {size} and answered with {range?.ToString() ?? "others"}"
                    )
                    {
                        IsTransient = true,
                        MustStartAnew = true,
                    };
                break;
            case HttpStatusCode.RequestedRangeNotSatisfiable when offset > 0:
                throw new DownloadException($"has no bytes from {offset} on") { IsTransient = true, MustStartAnew = true };
            default:
                throw new DownloadException($"answered with {Status(response)}")
                {
                    IsTransient = IsTransient(response.StatusCode),
                    RetryAfter = RetryAfter(response),
                };
        }
    }

    static bool IsTransient(HttpStatusCode status) =>
        status
            is HttpStatusCode.RequestTimeout
                or HttpStatusCode.TooManyRequests
                or HttpStatusCode.InternalServerError
                or HttpStatusCode.BadGateway
                or HttpStatusCode.ServiceUnavailable
                or HttpStatusCode.GatewayTimeout;

    static TimeSpan? RetryAfter(HttpResponseMessage response) =>
        response.Headers.RetryAfter is { } header ? header.Delta ?? header.Date - DateTimeOffset.UtcNow : null;

    static string Status(HttpResponseMessage response) => $"{(int)response.StatusCode} {response.ReasonPhrase}".TrimEnd();

    static string Cause(Exception exception) => (exception.InnerException ?? exception).Message.TrimEnd('.');
}
