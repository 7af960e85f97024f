using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Models.Onnx;
using NoisyNN.Tests.Images;
using NoisyNN.Tests.Onnx;
using NoisyNN.Transforms.Onnx.Scoring;

namespace NoisyNN.Tests.Samples;

/// <summary>The samples do what their first lines say.</summary>
[TestClass]
public sealed class SampleTests
{
    public required TestContext TestContext { get; init; }

    [TestMethod]
    public async Task Server_scores_posted_images_counts_them_and_survives_rubbish()
    {
        using var folder = new TemporaryFolder();
        Export(folder["model.onnx"]);
        using var server = SampleProcess.Start(
            "Serve",
            "--model",
            folder["model.onnx"],
            "--urls",
            "http://127.0.0.1:0",
            "--Logging:LogLevel:Microsoft.Hosting.Lifetime",
            "Information"
        );
        try
        {
            using var client = new HttpClient { BaseAddress = await AddressAsync(server) };
            Assert.AreEqual(
                "ok",
                JsonNode.Parse(await client.GetStringAsync("health", TestContext.CancellationToken))!["status"]!.GetValue<string>()
            );

            var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(image => PostAsync(client, ImageFiles.Png(image % 4))));
            var rubbish = await client.PostAsync("score", new ByteArrayContent([1, 2, 3]), TestContext.CancellationToken);

            // The same image has the same answer, whoever it shared a batch with.
            for (var image = 0; image < 40; image++)
                Assert.AreEqual(answers[image % 4], answers[image]);
            StringAssert.StartsWith(JsonNode.Parse(answers[0])!["label"]!.GetValue<string>(), "class ");
            Assert.AreEqual(HttpStatusCode.BadRequest, rubbish.StatusCode);
            StringAssert.Contains(await client.GetStringAsync("metrics", TestContext.CancellationToken), "noisynn_images_total 40\n");
            Assert.AreEqual(
                "ok",
                JsonNode.Parse(await client.GetStringAsync("health", TestContext.CancellationToken))!["status"]!.GetValue<string>()
            );
        }
        finally
        {
            server.Kill();
        }
    }

    [TestMethod]
    public async Task Server_sees_the_pixels_of_the_command_line_and_says_why_it_refuses()
    {
        using var folder = new TemporaryFolder();
        Export(folder["model.onnx"]);
        using var server = SampleProcess.Start(
            "Serve",
            "--model",
            folder["model.onnx"],
            "--urls",
            "http://127.0.0.1:0",
            "--Logging:LogLevel:Microsoft.Hosting.Lifetime",
            "Information"
        );
        try
        {
            using var client = new HttpClient { BaseAddress = await AddressAsync(server) };
            var ml = new MLContext(seed: 1);
            var scoring = ml.Scoring.OnnxBatch("Score", "Pixels", folder["model.onnx"], batchSize: 1);
            var probabilities = new HashSet<float>();
            foreach (var (name, content) in OneDecoderTests.Files)
            {
                var rows = ml.Data.LoadFromEnumerable([new Posted { Content = content }]);
                var pipeline = ml
                    .Images.Load("Pixels", "Content", scoring.InputDimensions[1], scoring.InputDimensions[2], scoring.InputDimensions[0])
                    .Append(scoring);
                var expected = pipeline.Fit(rows).Transform(rows).GetColumn<float[]>("Score").Single().Max();

                var answered = JsonNode.Parse(await PostAsync(client, content))!["probability"]!.GetValue<float>();

                Assert.AreEqual(expected, answered, 1e-6f, name);
                probabilities.Add(answered);
            }
            Assert.HasCount(3, probabilities);

            var jpeg = OneDecoderTests.Files["large.jpg"];
            await AssertRefusedAsync(client, jpeg[..(jpeg.Length / 2)], HttpStatusCode.BadRequest, "the JPEG file is truncated");
            await AssertRefusedAsync(
                client,
                [.. jpeg[..(jpeg.Length / 2)], 0xFF, 0xD9],
                HttpStatusCode.BadRequest,
                "the JPEG file is truncated"
            );
            await AssertRefusedAsync(
                client,
                PngFiles.Write(50_000, 50_000, 1, 0, new byte[100]),
                HttpStatusCode.RequestEntityTooLarge,
                "50000 x 50000 pixels"
            );
            await AssertRefusedAsync(client, "no image"u8.ToArray(), HttpStatusCode.BadRequest, "not a PNG, JPEG, WebP, BMP or GIF image");
            await AssertRefusedAsync(client, new byte[(16 << 20) + 1], HttpStatusCode.RequestEntityTooLarge, "more than 16777216 bytes");
        }
        finally
        {
            server.Kill();
        }
    }

    [TestMethod]
    public void Composed_pipeline_names_each_images_class_and_its_likest()
    {
        using var folder = new TemporaryFolder();
        Export(folder["model.onnx"]);
        foreach (var (name, number) in ((string, int)[])[("a.png", 1), ("b.png", 200), ("c.png", 1)])
            folder.Write($"photos/{name}", ImageFiles.Png(number));

        using var program = SampleProcess.Start("Compose", folder["model.onnx"], folder["photos"]);
        var lines = program.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        program.WaitForExit();

        Assert.AreEqual(0, program.ExitCode);
        Assert.HasCount(3, lines);
        Assert.IsTrue(lines.All(line => line.Split('\t')[1].StartsWith("class ", StringComparison.Ordinal)));
        Assert.AreEqual("c.png", lines[0].Split('\t')[2]);
        Assert.AreEqual("a.png", lines[2].Split('\t')[2]);
    }

    static void Export(string path)
    {
        using var network = RandomNetwork.Create(RandomNetwork.Grey);
        OnnxExporter.Export(network, new() { Labels = [.. Enumerable.Range(0, 10).Select(label => $"class {label}")] }, path);
    }

    async Task<string> PostAsync(HttpClient client, byte[] image)
    {
        using var answer = await client.PostAsync("score", new ByteArrayContent(image), TestContext.CancellationToken);
        Assert.AreEqual(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync(TestContext.CancellationToken);
    }

    async Task AssertRefusedAsync(HttpClient client, byte[] content, HttpStatusCode status, string reason)
    {
        // The client asks before it sends: a server that refuses by length closes the connection, which breaks a sending that has begun.
        using var request = new HttpRequestMessage(HttpMethod.Post, "score")
        {
            Content = new ByteArrayContent(content),
            Headers = { ExpectContinue = true },
        };
        using var answer = await client.SendAsync(request, TestContext.CancellationToken);
        Assert.AreEqual(status, answer.StatusCode);
        Assert.Contains(reason, await answer.Content.ReadAsStringAsync(TestContext.CancellationToken));
    }

    sealed class Posted
    {
        public byte[] Content { get; set; } = [];
    }

    /// <summary>Where the server says that it listens.</summary>
    static async Task<Uri> AddressAsync(Process server)
    {
        const string words = "Now listening on: ";
        while (await server.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.IndexOf(words, StringComparison.Ordinal) is >= 0 and var start)
                return new Uri(line[(start + words.Length)..].Trim());
        }
        throw new InvalidOperationException("The server ended before it listened.");
    }
}
