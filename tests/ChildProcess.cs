using System.Diagnostics;
using System.Reflection;

namespace NoisyNN.Tests;

/// <summary>A static method of the tests in a process of its own: it may end, or change, the whole process.</summary>
static class ChildProcess
{
    const string Variable = "NOISYNN_TESTS_CHILD";

    /// <summary>
    /// Runs a method and waits. The exit code is 0 if it returns, and 1 if it throws; the error then ends with the exception.
    /// </summary>
    /// <param name="body">A static method without parameters.</param>
    /// <param name="environment">Variables besides this process's own; null removes one.</param>
    /// <param name="limits">What the shell runs before, such as <c>ulimit -v 4000000</c>.</param>
    public static (int ExitCode, string Output, string Error) Run(
        Action body,
        IReadOnlyDictionary<string, string?>? environment = null,
        string? limits = null
    )
    {
        using var process = Start(body, environment, limits);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (!process.WaitForExit(TimeSpan.FromMinutes(4)))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{body.Method.Name} did not end. {error.Result}");
        }
        process.WaitForExit();
        return (process.ExitCode, output.Result, error.Result);
    }

    /// <summary>Starts a method, for a test that ends the process itself. The streams are those of <see cref="Run"/>.</summary>
    /// <param name="body">A static method without parameters.</param>
    /// <param name="environment">Variables besides this process's own; null removes one.</param>
    /// <param name="limits">What the shell runs before.</param>
    /// <param name="launcher">A program, and its arguments, that starts the process.</param>
    public static Process Start(
        Action body,
        IReadOnlyDictionary<string, string?>? environment = null,
        string? limits = null,
        IReadOnlyList<string>? launcher = null
    )
    {
        var tests = Assembly.GetExecutingAssembly().Location;
        var start =
            launcher is not null ? new ProcessStartInfo(launcher[0], [.. launcher.Skip(1), "dotnet", tests])
            : limits is null ? new ProcessStartInfo("dotnet", [tests])
            : new ProcessStartInfo("bash", ["-c", $"{limits} && exec dotnet '{tests}'"]);
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        start.Environment["DOTNET_STARTUP_HOOKS"] = tests;
        start.Environment[Variable] = $"{body.Method.DeclaringType!.FullName} {body.Method.Name}";
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
            start.Environment[name] = value;

        return Process.Start(start)!;
    }

    /// <summary>Runs what the parent asked for, and ends the process.</summary>
    public static void RunAsChild()
    {
        var asked = Environment.GetEnvironmentVariable(Variable)!.Split(' ');
        // Processes that this one starts are no children of a test.
        Environment.SetEnvironmentVariable("DOTNET_STARTUP_HOOKS", null);
        try
        {
            Assembly
                .GetExecutingAssembly()
                .GetType(asked[0], throwOnError: true)!
                .GetMethod(asked[1], BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!
                .Invoke(null, BindingFlags.DoNotWrapExceptions, null, null, null);
            Environment.Exit(0);
        }
        catch (Exception failure)
        {
            Console.Error.WriteLine($"{failure.GetType().Name}: {failure.Message}");
            Environment.Exit(1);
        }
    }
}
