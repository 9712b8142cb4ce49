using System.Collections.Immutable;
using System.Text;

namespace OrleansGeo.Tests.Histories;

/// <summary>What a checker found.</summary>
/// <param name="Kind">The answer.</param>
/// <param name="Key">The object that it is about.</param>
/// <param name="Searched">How many configurations were visited.</param>
/// <param name="Reason">In one sentence.</param>
/// <param name="Placed">The order that explains the history, key by key; if there is none, its longest beginning that has one.</param>
/// <param name="Blocked">What was under way where that ends and could not be placed; the first must be, before it was answered or seen.</param>
internal sealed record Verdict<TInput, TOutput>(
    VerdictKind Kind,
    string Key,
    int Searched,
    string Reason,
    ImmutableArray<Operation<TInput, TOutput>> Placed,
    ImmutableArray<Operation<TInput, TOutput>> Blocked)
    where TOutput : class
{
    private const int Shown = 12;

    public bool IsAccepted => Kind == VerdictKind.Accepted;

    public override string ToString()
    {
        var text = new StringBuilder($"{Key}: {Kind}. {Reason} ({Searched} configurations)");
        if (!IsAccepted)
        {
            Append(text, $"The last of {Placed.Length} placed operations, in their order", Placed.TakeLast(Shown));
            Append(text, "Under way and not placed", Blocked);
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, string title, IEnumerable<Operation<TInput, TOutput>> operations) =>
        text.AppendLine().Append(title).Append(':').AppendJoin("", operations.Select(static operation => $"{Environment.NewLine}  {operation}"));
}
