using System.Diagnostics;
using System.Text.Json;

namespace NoisyNN.Benchmarks;

/// <summary>
/// The other side of a comparison: a process that greets with a line of JSON and then answers one to each line it is sent.
/// </summary>
sealed class Peer : IDisposable
{
    readonly Process _process;

    /// <param name="script">Below the program's folder, in Python.</param>
    /// <param name="arguments">The script's.</param>
    public Peer(string script, string[] arguments)
        : this(new ProcessStartInfo("/usr/bin/python3", [Path.Combine(AppContext.BaseDirectory, script), .. arguments])) { }

    Peer(ProcessStartInfo start)
    {
        (start.RedirectStandardInput, start.RedirectStandardOutput) = (true, true);
        _process = Process.Start(start) ?? throw new InvalidOperationException($"The peer {start.FileName} did not start.");
        Greeting = Read();
    }

    /// <summary>What the peer said when it was ready.</summary>
    public JsonElement Greeting { get; }

    public static Peer Node(string script, params string[] arguments) =>
        new(new ProcessStartInfo("node", [Path.Combine(AppContext.BaseDirectory, script), .. arguments]));

    /// <summary>The plain TorchSharp program, which is this one with other arguments.</summary>
    public static Peer Plain(params string[] arguments) => new(new ProcessStartInfo(Environment.ProcessPath!, ["plain", .. arguments]));

    /// <summary>This program as a training that does steps when it is asked to, with a variable of its own ("NAME=value").</summary>
    public static Peer Waiting(string setting)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["steps"]);
        var parts = setting.Split('=');
        start.Environment[parts[0]] = parts[1];
        return new(start);
    }

    /// <summary>This program as a training on one thread or more, alone or as several ranks.</summary>
    /// <param name="rows">The rows of a step on each rank.</param>
    /// <param name="threads">libtorch's, on each rank.</param>
    /// <param name="ranks">The processes; 0 for one that needs no MPI.</param>
    public static Peer Training(int rows, int threads, int ranks = 0)
    {
        string[] program = [Environment.ProcessPath!, "rank-steps", $"{rows}", $"{threads}", $"{ranks}"];
        var start =
            ranks == 0 ? new ProcessStartInfo(program[0], program[1..]) : new ProcessStartInfo("mpirun", ["-n", $"{ranks}", .. program]);
        if (Environment.IsPrivilegedProcess)
            (start.Environment["OMPI_ALLOW_RUN_AS_ROOT"], start.Environment["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"]) = ("1", "1");
        // mpirun gives its processes a terminal, to which .NET would write codes before the first answer.
        start.Environment["TERM"] = "dumb";
        // As the program does that is measured here: one rank a core.
        start.Environment["OMPI_MCA_hwloc_base_binding_policy"] = "core:overload-allowed";
        start.Environment["OMPI_MCA_rmaps_base_oversubscribe"] = "1";
        return new(start);
    }

    public JsonElement Ask(string request)
    {
        _process.StandardInput.WriteLine(request);
        _process.StandardInput.Flush();
        return Read();
    }

    JsonElement Read() =>
        JsonDocument
            .Parse(_process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The peer ended; its error is above."))
            .RootElement;

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
