using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using NoisyNN.Models.Export;
using NoisyNN.Tests.Export;
using NoisyNN.Tests.Images;

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
        using var server = SampleProcess.Start("Serve", "--model", folder["model.onnx"], "--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Microsoft.Hosting.Lifetime", "Information");
        try
        {
            using var client = new HttpClient { BaseAddress = await AddressAsync(server) };
            Assert.AreEqual("ok", JsonNode.Parse(await client.GetStringAsync("health", TestContext.CancellationToken))!["status"]!.GetValue<string>());

            var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(image => PostAsync(client, ImageFiles.Png(image % 4))));
            var rubbish = await client.PostAsync("score", new ByteArrayContent([1, 2, 3]), TestContext.CancellationToken);

            // The same image has the same answer, whoever it shared a batch with.
            for (var image = 0; image < 40; image++)
                Assert.AreEqual(answers[image % 4], answers[image]);
            StringAssert.StartsWith(JsonNode.Parse(answers[0])!["label"]!.GetValue<string>(), "class ");
            Assert.AreEqual(HttpStatusCode.BadRequest, rubbish.StatusCode);
            StringAssert.Contains(await client.GetStringAsync("metrics", TestContext.CancellationToken), "noisynn_images_total 40\n");
            Assert.AreEqual("ok", JsonNode.Parse(await client.GetStringAsync("health", TestContext.CancellationToken))!["status"]!.GetValue<string>());
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

    private static void Export(string path)
    {
        using var network = RandomNetwork.Create(RandomNetwork.Grey);
        OnnxExporter.Export(network, new() { Labels = [.. Enumerable.Range(0, 10).Select(label => $"class {label}")] }, path);
    }

    private async Task<string> PostAsync(HttpClient client, byte[] image)
    {
        using var answer = await client.PostAsync("score", new ByteArrayContent(image), TestContext.CancellationToken);
        Assert.AreEqual(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync(TestContext.CancellationToken);
    }

    /// <summary>Where the server says that it listens.</summary>
    private static async Task<Uri> AddressAsync(Process server)
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
