using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace NoisyNN.Samples.Serve;

/// <param name="Name">The name that the client gave it; null if it gave none.</param>
/// <param name="Content">The bytes of the file.</param>
sealed record PostedImage(string? Name, ReadOnlyMemory<byte> Content);

/// <summary>
/// The images of a request. The body is the image itself, a form (multipart/form-data) with one or several files, or JSON:
/// <c>{"image": "base64"}</c>.
/// </summary>
static class PostedImages
{
    /// <param name="body">The body.</param>
    /// <param name="contentType">What the client says that it is.</param>
    /// <param name="longest">The most bytes of all images together.</param>
    /// <exception cref="RefusedException">It has no images that can be read.</exception>
    public static async Task<IReadOnlyList<PostedImage>> ReadAsync(ArraySegment<byte> body, string? contentType, long longest)
    {
        IReadOnlyList<PostedImage> images = KindOf(contentType) switch
        {
            BodyKind.Json => [FromJson(body)],
            BodyKind.Form => await FromFormAsync(body, contentType!),
            _ => [new(null, body.AsMemory())],
        };
        if (images.FirstOrDefault(image => image.Content.IsEmpty) is { } empty)
            throw new RefusedException(
                StatusCodes.Status400BadRequest,
                $"{(empty.Name is { } name ? $"The image '{name}'" : "The image")} has no bytes."
            );
        var length = images.Sum(image => (long)image.Content.Length);
        return length <= longest ? images : throw TooLong(longest);
    }

    public static RefusedException TooLong(long longest) =>
        new(StatusCodes.Status413PayloadTooLarge, $"The request has more than {longest} bytes of images (--max-bytes).");

    enum BodyKind
    {
        Image,
        Json,
        Form,
    }

    static BodyKind KindOf(string? contentType)
    {
        if (string.IsNullOrEmpty(contentType))
            return BodyKind.Image;
        if (MediaTypeHeaderValue.TryParse(contentType, out var type))
        {
            if (type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase))
                return BodyKind.Json;
            if (type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
                return BodyKind.Form;
            // What curl --data-binary says if nobody tells it otherwise.
            if (type.MediaType.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase))
                return BodyKind.Image;
            if (type.MediaType.Equals("application/octet-stream", StringComparison.OrdinalIgnoreCase))
                return BodyKind.Image;
            if (type.Type.Equals("image", StringComparison.OrdinalIgnoreCase))
                return BodyKind.Image;
        }
        throw new RefusedException(
            StatusCodes.Status415UnsupportedMediaType,
            "The Content-Type must be image/*, application/octet-stream, multipart/form-data or application/json."
        );
    }

    static PostedImage FromJson(ArraySegment<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body.AsMemory(), new() { MaxDepth = 4 });
            return
                document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("image", out var image)
                && image.ValueKind == JsonValueKind.String
                ? new(null, image.GetBytesFromBase64())
                : throw new RefusedException(
                    StatusCodes.Status422UnprocessableEntity,
                    "The JSON must be an object with the text 'image', an image file in base64."
                );
        }
        catch (JsonException exception)
        {
            throw new RefusedException(StatusCodes.Status400BadRequest, $"The JSON cannot be read: {exception.Message}", exception);
        }
        // Bytes that are no UTF-8, or half a surrogate pair, are an invalid operation.
        catch (Exception exception) when (exception is FormatException or InvalidOperationException)
        {
            throw new RefusedException(StatusCodes.Status422UnprocessableEntity, "The text 'image' is not base64.", exception);
        }
    }

    static async Task<IReadOnlyList<PostedImage>> FromFormAsync(ArraySegment<byte> body, string contentType)
    {
        var boundary = HeaderUtilities.RemoveQuotes(MediaTypeHeaderValue.Parse(contentType).Boundary).Value;
        if (string.IsNullOrEmpty(boundary) || boundary.Length > 70)
            throw new RefusedException(StatusCodes.Status400BadRequest, "The multipart/form-data has no boundary of 1 to 70 characters.");
        var images = new List<PostedImage>();
        try
        {
            using var stream = new MemoryStream(body.Array!, body.Offset, body.Count, writable: false);
            var reader = new MultipartReader(boundary, stream);
            while (await reader.ReadNextSectionAsync() is { } section)
            {
                if (section.AsFileSection() is not { } file)
                    throw new RefusedException(
                        StatusCodes.Status422UnprocessableEntity,
                        $"Part {images.Count + 1} of the form is no file. Send files only."
                    );
                if (images.Count == ServedModel.LargestBatch)
                    throw new RefusedException(
                        StatusCodes.Status413PayloadTooLarge,
                        $"The form has more than {ServedModel.LargestBatch} files. Send several requests."
                    );
                using var content = new MemoryStream();
                await section.Body.CopyToAsync(content);
                images.Add(new(file.FileName, content.ToArray()));
            }
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            throw new RefusedException(StatusCodes.Status400BadRequest, $"The form cannot be read: {exception.Message}", exception);
        }
        return images.Count > 0 ? images : throw new RefusedException(StatusCodes.Status422UnprocessableEntity, "The form has no file.");
    }
}
