"""What the nine notebooks of the course share. Each notebook imports what it needs by name:

session     start(): seeds, device, data source, plot style, the banner
device      pick_device, seed_everything, to_device
data        load_images, load_text, load_glove: the real data set or its bundled stand-in; Batches: shuffled, normalised slices of tensors;
            tokenise, Vocabulary, pad and BucketBatches: text as numbers, in batches of similar length
training    run_epoch and fit: the training loop, after chapters 2 and 3 have written it out by hand
claims      claim(): what a section asserts, shown as one line and recorded in the notebook
plotting    show, explore and drawings that take data and return Axes
exercises   check(): instant feedback on an exercise against an oracle
running     execute notebooks (papermill) and report on them
cli         the command `course`

Models, losses and equations are the subject, so they stand in the notebook that teaches them, not here.
"""
