namespace OrleansGeo.Tests.Grains;

/// <summary>What a method does at last.</summary>
public enum LastStep
{
    Write,

    /// <summary>It makes an answer of the write's exception.</summary>
    WriteAndCatch,

    Remind,
}
