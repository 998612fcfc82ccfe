"""A local orchestrator that speaks the real API, `/v2/consumer`; nothing leaves the machine or costs Buzz.

It does as the real one does: refuses what the contract refuses, prices what has a published price (anything
else has `total: null`), takes workflows through their statuses by the clock, hands an earlier workflow out
again under its `externalId` (also that of a whatif), long-polls, pages, tags, cancels, refunds, signs URLs of
blobs, and keeps everything in one SQLite file.

What differs:

- Every `cost` has `"estimate": true` and `"source": "sandbox"`.
- A workflow takes about one second, with a pretended queue. There is no balance, so none runs out.
- Images are mosaics of at most 256 pixels a side, videos of at most 128 with eight frames over the duration
  asked for, both in the proportions asked for; `width` and `height` of a blob are those of its file. The file
  follows from seed, prompt and size. WebP is not written: such an image is a PNG, and its blob id ends so.
- Step types that make no image or video succeed with an empty output.
- Words in a step's input decide how it goes: `[sandbox:fail]` and `[sandbox:expire]` its end, `[sandbox:r]`
  and likewise pg13, x and xxx the level of what it makes, which otherwise is pg.

`connect` gives a client of it without a server. `app`, `http`, `workflow_routes` and `blob_routes` load
starlette at their top: import them where they are used, not at the top of a module.
"""
