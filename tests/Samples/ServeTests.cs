using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Models.Onnx;
using NoisyNN.Tests.Images;
using NoisyNN.Tests.Onnx;
using NoisyNN.Tests.Onnx.Scoring;
using NoisyNN.Transforms.Onnx.Scoring;

namespace NoisyNN.Tests.Samples;

/// <summary>The serving sample scores what clients post, or says why not.</summary>
[TestClass]
public sealed class ServeTests
{
    [TestMethod]
    public async Task Posted_images_are_scored_and_counted_and_rubbish_harms_nobody()
    {
        using var folder = new TemporaryFolder();
        using var server = await ServerProcess.StartAsync(Export(folder["model.onnx"]));

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 40).Select(async image => (await server.ScoreAsync(ImageFiles.Png(image % 4))).ToJsonString())
        );
        using var rubbish = await server.PostAsync([1, 2, 3]);
        var health = await ServerProcess.ReadAsync(await server.Client.GetAsync("health"), HttpStatusCode.OK);
        var metrics = (await server.Client.GetStringAsync("metrics")).Split('\n');

        // The same image has the same answer, whoever it shared a batch with.
        for (var image = 0; image < 40; image++)
            Assert.AreEqual(answers[image % 4], answers[image]);
        Assert.HasCount(4, answers.Distinct());
        Assert.AreEqual(HttpStatusCode.UnsupportedMediaType, rubbish.StatusCode);
        Assert.AreEqual("ok", health["status"]!.GetValue<string>());
        Assert.Contains("noisynn_serve_images_total 40", metrics);
        // The black image before the first request does not count.
        Assert.Contains("noisynn_scoring_rows_total{model=\"model.onnx\"} 40", metrics);
        Assert.Contains("noisynn_serve_queue 0", metrics);
        var line = Assert.ContainsSingle(server.Log.Where(line => line.Contains("POST /score 415", StringComparison.Ordinal)));
        StringAssert.EndsWith(line, " ms");
    }

    [TestMethod]
    public async Task Server_sees_the_pixels_of_the_command_line()
    {
        using var folder = new TemporaryFolder();
        using var server = await ServerProcess.StartAsync(Export(folder["model.onnx"]));
        var ml = new MLContext(seed: 1);
        var scoring = ml.Scoring.OnnxBatch("Score", "Pixels", folder["model.onnx"], batchSize: 1);
        var likeliest = new HashSet<float>();
        foreach (var (name, content) in OneDecoderTests.Files)
        {
            var rows = ml.Data.LoadFromEnumerable([new Posted { Content = content }]);
            var pipeline = ml
                .Images.Load("Pixels", "Content", scoring.InputDimensions[1], scoring.InputDimensions[2], scoring.InputDimensions[0])
                .Append(scoring);
            var expected = pipeline.Fit(rows).Transform(rows).GetColumn<float[]>("Score").Single();

            var prediction = (await server.ScoreAsync(content))["predictions"]![0]!;

            var classes = prediction["probabilities"]!.AsArray();
            Assert.HasCount(10, classes);
            for (var label = 0; label < 10; label++)
            {
                Assert.AreEqual($"class {label}", classes[label]!["label"]!.GetValue<string>());
                Assert.AreEqual(expected[label], classes[label]!["probability"]!.GetValue<float>(), 1e-6f, name);
            }
            Assert.AreEqual(1, classes.Sum(one => one!["probability"]!.GetValue<double>()), 1e-5, name);
            Assert.AreEqual(expected.Max(), prediction["probability"]!.GetValue<float>(), 1e-6f, name);
            Assert.AreEqual($"class {Array.IndexOf(expected, expected.Max())}", prediction["label"]!.GetValue<string>(), name);
            likeliest.Add(expected.Max());
        }
        Assert.HasCount(3, likeliest);
    }

    [TestMethod]
    public async Task Raw_form_and_JSON_bodies_have_equal_answers()
    {
        using var folder = new TemporaryFolder();
        using var server = await ServerProcess.StartAsync(Export(folder["model.onnx"]));
        var (first, second) = (ImageFiles.Png(7), ImageFiles.Png(200));

        var raw = (await server.ScoreAsync(first))["predictions"]![0]!;
        var other = (await server.ScoreAsync(second))["predictions"]![0]!;
        var json = await PostAsync(server, JsonBody($$"""{"image":"{{Convert.ToBase64String(first)}}"}"""), HttpStatusCode.OK);
        using var form = new MultipartFormDataContent
        {
            { new ByteArrayContent(second), "one", "second.png" },
            { new ByteArrayContent(first), "two", "first.png" },
        };
        var several = (await PostAsync(server, form, HttpStatusCode.OK))["predictions"]!.AsArray();

        Assert.AreEqual(raw.ToJsonString(), json["predictions"]![0]!.ToJsonString());
        Assert.HasCount(2, several);
        Assert.AreEqual("second.png", several[0]!["file"]!.GetValue<string>());
        Assert.AreEqual("first.png", several[1]!["file"]!.GetValue<string>());
        Assert.AreEqual(other["probabilities"]!.ToJsonString(), several[0]!["probabilities"]!.ToJsonString());
        Assert.AreEqual(raw["probabilities"]!.ToJsonString(), several[1]!["probabilities"]!.ToJsonString());
        Assert.AreNotEqual(raw.ToJsonString(), other.ToJsonString());
    }

    [TestMethod]
    public async Task What_cannot_be_used_is_refused_with_a_status_and_the_reason()
    {
        using var folder = new TemporaryFolder();
        const int mostBytes = 1_000_000;
        using var server = await ServerProcess.StartAsync(
            Export(folder["model.onnx"]),
            "--max-bytes",
            $"{mostBytes}",
            "--max-pixels",
            "1000000"
        );
        var jpeg = OneDecoderTests.Files["large.jpg"];
        var png = ImageFiles.Png(1);

        async Task Refused(HttpContent content, HttpStatusCode status, string reason)
        {
            var problem = await PostAsync(server, content, status, "application/problem+json");
            Assert.AreEqual((int)status, problem["status"]!.GetValue<int>());
            Assert.Contains(reason, problem["detail"]!.GetValue<string>());
        }

        await Refused(new ByteArrayContent(jpeg[..(jpeg.Length / 2)]), HttpStatusCode.BadRequest, "the JPEG file is truncated");
        await Refused(
            new ByteArrayContent([.. jpeg[..(jpeg.Length / 2)], 0xFF, 0xD9]),
            HttpStatusCode.BadRequest,
            "the JPEG file is truncated"
        );
        await Refused(new ByteArrayContent([]), HttpStatusCode.BadRequest, "no bytes");
        await Refused(JsonBody("""{"image":"""), HttpStatusCode.BadRequest, "The JSON cannot be read");
        await Refused(
            new ByteArrayContent(PngFiles.Write(50_000, 50_000, 1, 0, new byte[100])),
            HttpStatusCode.RequestEntityTooLarge,
            "50000 x 50000 pixels, more than the limit of 1000000"
        );
        await Refused(new ByteArrayContent(new byte[mostBytes + 1]), HttpStatusCode.RequestEntityTooLarge, "more than 1000000 bytes");
        await Refused(new ByteArrayContent(new byte[3 * mostBytes]), HttpStatusCode.RequestEntityTooLarge, "more than 1000000 bytes");
        await Refused(Chunked(mostBytes + 420_000), HttpStatusCode.RequestEntityTooLarge, "more than 1000000 bytes");
        await Refused(
            new ByteArrayContent("no image"u8.ToArray()),
            HttpStatusCode.UnsupportedMediaType,
            "not a PNG, JPEG, WebP, BMP or GIF image"
        );
        await Refused(new StringContent("text"), HttpStatusCode.UnsupportedMediaType, "The Content-Type must be");
        await Refused(JsonBody("""{"picture":1}"""), HttpStatusCode.UnprocessableEntity, "the text 'image'");
        await Refused(JsonBody("""{"image":"%"}"""), HttpStatusCode.UnprocessableEntity, "not base64");
        await Refused(JsonBody("""{"image":"\ud800"}"""), HttpStatusCode.UnprocessableEntity, "not base64");
        using var form = new MultipartFormDataContent
        {
            { new ByteArrayContent(png), "one", "good.png" },
            { new ByteArrayContent(png[..20]), "two", "bad.png" },
        };
        await Refused(form, HttpStatusCode.BadRequest, "The image 'bad.png' cannot be used");
        using var field = new MultipartFormDataContent { { new StringContent("value"), "field" } };
        await Refused(field, HttpStatusCode.UnprocessableEntity, "Part 1 of the form is no file");
        using var many = new MultipartFormDataContent();
        for (var file = 0; file < 33; file++)
            many.Add(new ByteArrayContent(png), "file", $"{file}.png");
        await Refused(many, HttpStatusCode.RequestEntityTooLarge, "more than 32 files");

        using var nowhere = await server.Client.GetAsync("nowhere%0Aerror: forged line");
        Assert.AreEqual(HttpStatusCode.NotFound, nowhere.StatusCode);
        await server.ScoreAsync(png);
        Assert.IsFalse(server.Log.Any(line => line.StartsWith("error", StringComparison.Ordinal)));
    }

    [TestMethod]
    public async Task A_body_that_does_not_arrive_in_time_is_refused()
    {
        using var folder = new TemporaryFolder();
        using var server = await ServerProcess.StartAsync(Export(folder["model.onnx"]), "--timeout", "1");
        using var slow = new TcpClient();
        await slow.ConnectAsync(server.Client.BaseAddress!.Host, server.Client.BaseAddress.Port);
        using var stream = slow.GetStream();

        await stream.WriteAsync(
            "POST /score HTTP/1.1\r\nHost: test\r\nContent-Length: 1000\r\nConnection: close\r\n\r\nonly this"u8.ToArray()
        );
        using var reader = new StreamReader(stream, Encoding.ASCII);

        Assert.AreEqual("HTTP/1.1 408 Request Timeout", await reader.ReadLineAsync());
    }

    [TestMethod]
    public async Task Only_who_has_the_key_may_score()
    {
        using var folder = new TemporaryFolder();
        using var server = await ServerProcess.StartAsync(Export(folder["model.onnx"]), "--api-key", "a long secret");
        var image = ImageFiles.Png(1);

        using (var without = await server.PostAsync(image))
        {
            var problem = await ServerProcess.ReadAsync(without, HttpStatusCode.Unauthorized);
            Assert.Contains("Send the server's key", problem["detail"]!.GetValue<string>());
            Assert.AreEqual("Bearer", without.Headers.WwwAuthenticate.Single().Scheme);
        }
        foreach (var (key, status) in new[] { ("a long secret", HttpStatusCode.OK), ("a long secre", HttpStatusCode.Unauthorized) })
        {
            server.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
            using var answer = await server.PostAsync(image);
            Assert.AreEqual(status, answer.StatusCode);
        }
        server.Client.DefaultRequestHeaders.Authorization = null;
        server.Client.DefaultRequestHeaders.Add("X-API-Key", "a long secret");
        await server.ScoreAsync(image);
        using var reload = await server.Client.PostAsync("model/reload", content: null);
        Assert.AreEqual(HttpStatusCode.OK, reload.StatusCode);
        Assert.IsFalse(server.Log.Any(line => line.Contains("secre", StringComparison.Ordinal)), "the key is not for the log");
    }

    [TestMethod]
    public async Task A_model_that_fails_makes_the_server_not_ready_until_it_scores_again()
    {
        using var folder = new TemporaryFolder();
        using var server = await ServerProcess.StartAsync(ForeignModel.Write(FailingModel.Create(), folder["model.onnx"]));

        using (var failed = await server.PostAsync(ImageFiles.Png(8, 8, (_, _) => (200, 200, 200))))
        {
            var problem = await ServerProcess.ReadAsync(failed, HttpStatusCode.ServiceUnavailable);
            Assert.Contains("'model.onnx' failed on a batch of 1 rows", problem["detail"]!.GetValue<string>());
        }
        // To be asked is enough: the server tries a black image, which this model can score.
        var health = await ServerProcess.ReadAsync(await server.Client.GetAsync("health/ready"), HttpStatusCode.OK);
        var answer = await server.ScoreAsync(ImageFiles.Png(8, 8, (_, _) => (0, 0, 0)));
        var metrics = (await server.Client.GetStringAsync("metrics")).Split('\n');

        Assert.AreEqual("ok", health["status"]!.GetValue<string>());
        Assert.AreEqual("darker", answer["predictions"]![0]!["label"]!.GetValue<string>());
        Assert.Contains("noisynn_scoring_failures_total{model=\"model.onnx\"} 1", metrics);
    }

    [TestMethod]
    public async Task The_OpenAPI_document_names_what_the_server_has()
    {
        using var folder = new TemporaryFolder();
        using var server = await ServerProcess.StartAsync(Export(folder["model.onnx"]));

        var document = await ServerProcess.ReadAsync(await server.Client.GetAsync("openapi.json"), HttpStatusCode.OK);

        StringAssert.StartsWith(document["openapi"]!.GetValue<string>(), "3.1");
        var paths = document["paths"]!.AsObject();
        Assert.HasCount(7, paths);
        foreach (var (path, item) in paths)
        foreach (var (method, operation) in item!.AsObject())
        {
            using var request = new HttpRequestMessage(new HttpMethod(method.ToUpperInvariant()), path);
            using var answer = await server.Client.SendAsync(request);
            Assert.IsTrue(
                operation!["responses"]!.AsObject().ContainsKey($"{(int)answer.StatusCode}"),
                $"{method} {path} {answer.StatusCode}"
            );
        }
        // Every reference leads somewhere.
        foreach (var reference in References(document).Distinct())
            Assert.IsNotNull(reference[2..].Split('/').Aggregate((JsonNode?)document, (node, name) => node?[name]), reference);
    }

    [TestMethod]
    [DataRow("--max-byte", "5", "There is no option --max-byte")]
    [DataRow("--timeout", "soon", "--timeout is 'soon'")]
    [DataRow("--max-pixels", "0", "--max-pixels is '0'")]
    [DataRow("--api-key", "short", "Give at least 8")]
    [DataRow("--trusted", "perhaps", "--trusted is 'perhaps'")]
    [DataRow("--model", "nowhere.onnx", "There is no file")]
    public async Task A_wrong_option_ends_the_server_with_a_line_that_names_it(string option, string value, string reason)
    {
        using var folder = new TemporaryFolder();
        var model = folder.Write("model.onnx", [1]);
        using var server = SampleProcess.Start("Serve", ["--model", model, option, value], redirectErrors: true);

        var message = await server.StandardError.ReadToEndAsync();
        await server.WaitForExitAsync();

        Assert.AreEqual(2, server.ExitCode);
        StringAssert.Contains(message, reason);
        Assert.HasCount(1, message.TrimEnd().Split('\n'));
    }

    /// <summary>A small classifier; another seed makes another one of the same form.</summary>
    internal static string Export(string path, long seed = 1)
    {
        using var network = RandomNetwork.Create(RandomNetwork.Grey, seed);
        OnnxExporter.Export(network, new() { Labels = [.. Enumerable.Range(0, 10).Select(label => $"class {label}")] }, path);
        return path;
    }

    static IEnumerable<string> References(JsonNode? node) =>
        node switch
        {
            JsonObject json => json.SelectMany(entry => entry.Key == "$ref" ? [entry.Value!.GetValue<string>()] : References(entry.Value)),
            JsonArray array => array.SelectMany(References),
            _ => [],
        };

    static StringContent JsonBody(string json) => new(json, Encoding.UTF8, "application/json");

    /// <summary>A body that does not say its length.</summary>
    static StreamContent Chunked(int length)
    {
        var content = new StreamContent(new MemoryStream(new byte[length]));
        content.Headers.ContentLength = null;
        return content;
    }

    static async Task<JsonNode> PostAsync(
        ServerProcess server,
        HttpContent content,
        HttpStatusCode status,
        string type = "application/json"
    )
    {
        // The client asks before it sends: a server that refuses by length closes the connection, which breaks a sending that has begun.
        using var request = new HttpRequestMessage(HttpMethod.Post, "score") { Content = content, Headers = { ExpectContinue = true } };
        using var answer = await server.Client.SendAsync(request);
        Assert.AreEqual(type, answer.Content.Headers.ContentType?.MediaType);
        return await ServerProcess.ReadAsync(answer, status);
    }

    sealed class Posted
    {
        public byte[] Content { get; set; } = [];
    }
}
