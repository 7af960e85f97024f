using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using NoisyNN.Tests.Images;

namespace NoisyNN.Tests.Samples;

/// <summary>Models change and the server stops without a request that is lost.</summary>
[TestClass]
public sealed class HotSwapTests
{
    const string Key = "a long secret";

    public required TestContext TestContext { get; init; }

    [TestMethod]
    public async Task Fifty_models_take_over_while_requests_go_on_and_every_request_is_answered_by_the_model_that_it_names()
    {
        using var folder = new TemporaryFolder();
        var models = new[] { ServeTests.Export(folder["first.onnx"], seed: 1), ServeTests.Export(folder["second.onnx"], seed: 2) };
        var hashes = models.Select(HashOf).ToArray();
        File.Copy(models[0], folder["model.onnx"]);
        // In the server's process, because fifty processes take long; one swap of processes is below.
        using var server = await ServerProcess.StartAsync(folder["model.onnx"], "--api-key", Key, "--trusted", "true");
        server.Client.DefaultRequestHeaders.Add("X-API-Key", Key);
        var image = ImageFiles.Png(7);
        using var swapped = new CancellationTokenSource();
        var clients = Enumerable.Range(0, 4).Select(_ => Task.Run(() => ScoreUntilAsync(server, image, swapped.Token))).ToArray();

        for (var swap = 1; swap <= 50; swap++)
        {
            Replace(folder["model.onnx"], models[swap % 2]);
            Assert.AreEqual(hashes[swap % 2], (await ReloadAsync(server, HttpStatusCode.OK))["sha256"]!.GetValue<string>());
        }
        await swapped.CancelAsync();
        var answers = (await Task.WhenAll(clients)).SelectMany(answer => answer).ToArray();

        // Each model has one answer to the image, however the two took turns.
        var byModel = answers
            .GroupBy(answer => answer["model"]!["sha256"]!.GetValue<string>())
            .ToDictionary(group => group.Key, group => group.Select(answer => answer["predictions"]!.ToJsonString()).Distinct().ToArray());
        Assert.AreSequenceEqual(hashes.Order(StringComparer.Ordinal), byModel.Keys.Order(StringComparer.Ordinal));
        Assert.HasCount(1, byModel[hashes[0]]);
        Assert.HasCount(1, byModel[hashes[1]]);
        Assert.AreNotEqual(byModel[hashes[0]][0], byModel[hashes[1]][0]);
        TestContext.WriteLine($"{answers.Length} answers");
    }

    [TestMethod]
    public async Task A_changed_file_takes_over_by_itself_and_a_bad_one_leaves_the_old_model_in_service_with_a_warning()
    {
        using var folder = new TemporaryFolder();
        var (model, second) = (ServeTests.Export(folder["model.onnx"], seed: 1), ServeTests.Export(folder["second.onnx"], seed: 2));
        using var server = await ServerProcess.StartAsync(model);
        var image = ImageFiles.Png(7);
        var first = await server.ScoreAsync(image);

        Replace(model, second);
        var hash = HashOf(second);
        while (await HealthAsync(server) is var health && health["model"]!["sha256"]!.GetValue<string>() != hash)
            await Task.Delay(100, TestContext.CancellationToken);
        var next = await server.ScoreAsync(image);

        File.WriteAllText(folder["bad.onnx"], "no model");
        Replace(model, folder["bad.onnx"]);
        JsonNode state;
        while ((state = await HealthAsync(server))["warning"] is null)
            await Task.Delay(100, TestContext.CancellationToken);
        var last = await server.ScoreAsync(image);
        using var alive = await server.Client.GetAsync("health/live", TestContext.CancellationToken);

        Assert.AreEqual(hash, next["model"]!["sha256"]!.GetValue<string>());
        Assert.AreNotEqual(first["predictions"]!.ToJsonString(), next["predictions"]!.ToJsonString());
        Assert.AreEqual(next.ToJsonString(), last.ToJsonString());
        Assert.AreEqual("ok", state["status"]!.GetValue<string>());
        StringAssert.Contains(state["warning"]!.GetValue<string>(), $"'{model}' is not a readable ONNX file");
        Assert.AreEqual(HttpStatusCode.OK, alive.StatusCode);
        Assert.ContainsSingle(server.Log.Where(line => line.Contains("cannot be used", StringComparison.Ordinal)));
        using var open = await server.Client.PostAsync("model/reload", content: null, TestContext.CancellationToken);
        Assert.AreEqual(HttpStatusCode.Forbidden, open.StatusCode, "without a key anybody could reload");

        Replace(model, second);
        while ((await HealthAsync(server))["warning"] is not null)
            await Task.Delay(100, TestContext.CancellationToken);
    }

    [TestMethod]
    public async Task Told_to_stop_the_server_is_not_ready_first_answers_what_is_under_way_and_ends_with_0()
    {
        using var folder = new TemporaryFolder();
        using var server = await ServerProcess.StartAsync(ServeTests.Export(folder["model.onnx"]), "--drain", "5");
        var images = Enumerable.Range(0, 40).Select(image => server.ScoreAsync(ImageFiles.Png(image))).ToArray();

        server.Terminate();
        string? reason;
        while ((reason = (await HealthAsync(server))["reason"]?.GetValue<string>()) is null)
            await Task.Delay(20, TestContext.CancellationToken);
        var late = await server.ScoreAsync(ImageFiles.Png(1));
        var answers = await Task.WhenAll(images);
        var exitCode = await server.ExitCodeAsync();

        Assert.AreEqual("The server stops.", reason);
        Assert.AreEqual(answers[1].ToJsonString(), late.ToJsonString());
        Assert.AreEqual(0, exitCode);
    }

    /// <summary>As careful users do: a whole file takes the place of the old one.</summary>
    static void Replace(string file, string content)
    {
        File.Copy(content, $"{file}.new");
        File.Move($"{file}.new", file, overwrite: true);
    }

    static string HashOf(string file) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));

    static async Task<List<JsonNode>> ScoreUntilAsync(ServerProcess server, byte[] image, CancellationToken end)
    {
        var answers = new List<JsonNode>();
        while (!end.IsCancellationRequested)
            answers.Add(await server.ScoreAsync(image));
        return answers;
    }

    static async Task<JsonNode> ReloadAsync(ServerProcess server, HttpStatusCode status)
    {
        using var answer = await server.Client.PostAsync("model/reload", content: null);
        return await ServerProcess.ReadAsync(answer, status);
    }

    static async Task<JsonNode> HealthAsync(ServerProcess server) =>
        JsonNode.Parse(await (await server.Client.GetAsync("health/ready")).Content.ReadAsStringAsync())!;
}
