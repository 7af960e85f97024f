using System.Text.RegularExpressions;
using TorchSharp;

namespace NoisyNN.Tests.Native;

/// <summary>
/// TorchSharp 0.107 ends the process where some of its native functions fail, because nothing in them catches libtorch's exceptions
/// (THSTensorMath.cpp, THSTorch.cpp and others, read at commit c20b6a1). The product calls none that a user's input, a file or a lack of
/// memory could make fail.
/// </summary>
[TestClass]
public sealed partial class AbortingCallsTests
{
    /// <summary>Each checks what it passes on before.</summary>
    static readonly string[] s_guarded =
    [
        "NoisyNN.Models.Training.Process.ThreadLimit::Set/1",
        "NoisyNN.Models.Training.Process.ThreadLimit::Dispose/0", // a number that libtorch itself has told
        "NoisyNN.Models.Randomness.BorrowedGenerator::Dispose/0", // a state that libtorch itself has told
    ];

    static readonly Calls s_torch = new(typeof(torch).Assembly.Location);
    static readonly HashSet<string> s_aborting = s_torch.Reaching(name => Aborting().IsMatch(name));

    [TestMethod]
    [DataRow("NoisyNN.Transforms")]
    [DataRow("NoisyNN.Models")]
    [DataRow("NoisyNN.Pipelines")]
    public void No_part_of_the_product_calls_what_ends_the_process_when_it_fails(string assembly)
    {
        var calls = new Calls(Path.Combine(AppContext.BaseDirectory, $"{assembly}.dll"));
        var aborting =
            from caller in calls.Called
            where !s_guarded.Contains(caller.Key)
            from called in caller.Value
            where s_aborting.Contains(called)
            select $"{caller.Key} calls {called}";
        Assert.AreEqual("", string.Join('\n', aborting), "Products.Matmul, mm and bmm throw; ThreadLimit.Set checks its number.");
    }

    [TestMethod]
    [DataRow("TorchSharp.torch.Tensor::matmul/1")]
    [DataRow("TorchSharp.torch::matmul/2")]
    [DataRow("TorchSharp.torch::set_num_threads/1")]
    [DataRow("TorchSharp.torch.autograd::grad/6")]
    [DataRow("TorchSharp.torch.Tensor::cummax/1")]
    [DataRow("TorchSharp.Modules.Embedding::set_weight/1")]
    [DataRow("TorchSharp.torch.jit::load/2")]
    public void What_is_known_to_end_the_process_is_found_in_TorchSharp(string method) => Assert.Contains(method, s_aborting);

    [TestMethod]
    [DataRow("TorchSharp.torch.Tensor::mm/1")]
    [DataRow("TorchSharp.torch.Tensor::bmm/1")]
    [DataRow("TorchSharp.torch.nn.functional::linear/3")]
    public void What_throws_is_not_taken_for_it(string method)
    {
        Assert.IsTrue(s_torch.Called.ContainsKey(method));
        Assert.DoesNotContain(method, s_aborting);
    }

    [TestMethod]
    public void This_test_sees_a_call_in_an_assembly()
    {
        var calls = new Calls(typeof(AbortingCallsTests).Assembly.Location);
        Assert.Contains("TorchSharp.torch.Tensor::matmul/1", calls.Called["NoisyNN.Tests.Native.AbortingCallsTests::Product/2"]);
    }

    static torch.Tensor Product(torch.Tensor left, torch.Tensor right) => left.matmul(right);

    /// <summary>
    /// Native functions without a catch, except those that cannot fail. A module of TorchScript is a file from anywhere, and its errors
    /// have a type that no catch in TorchSharp names.
    /// </summary>
    [GeneratedRegex(
        """
            ^THSTensor_(matmul|cummax|cummin)$
            |^THSAutograd_grad$
            |^THSGenerator_set_rng_state$
            |^THSTorch_set_num_(interop_)?threads$
            |^THSTorch_scalar_to_(u?int\d+|float16|float32|bfloat16|complex\d+)$
            |^THSStorage_set_nbytes$
            |^THSData_loader
            |^THSJIT_(load|Module_|Method_|Function_)
            |^THSNN_\w+_set_(weight|bias)\w*$
            |^THSNN_(Adagrad|Adam|AdamW|LBFGS|RMSprop|SGD)_ctor$
            """,
        RegexOptions.IgnorePatternWhitespace
    )]
    private static partial Regex Aborting();
}
