// Gocheck verifies a published log with golang.org/x/mod/sumdb, which shares no code with the ledger: the signature
// of its checkpoint, all entry bundles, inclusion of -positions entries and consistency with -sizes earlier sizes.
// Whatever it accepts, it must reject with one bit flipped.
//
//	gocheck [-key VKEY] [-positions 200] [-sizes 50] [-seed 1] http://host/log | FOLDER
package main

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

var errMissing = errors.New("not there")

// summary is what a successful run prints as JSON.
type summary struct {
	Origin      string `json:"origin"`
	Size        int64  `json:"size"`
	Root        string `json:"root"`
	Bundles     int    `json:"bundles"`
	Inclusion   int    `json:"inclusion"`
	Consistency int    `json:"consistency"`
	Rejected    int    `json:"rejected"`
}

type checker struct {
	base     string
	random   *rand.Rand
	verifier note.Verifier
	tree     tlog.Tree
	cache    map[string][]byte
	spoil    string // the file in which the reader flips one bit, to see it refused
	done     summary
}

func main() {
	key := flag.String("key", "", "verifier key; without it the first line of BASE/key")
	positions := flag.Int("positions", 200, "how many positions")
	sizes := flag.Int("sizes", 50, "how many earlier sizes")
	seed := flag.Int64("seed", 1, "of the choice of positions, sizes and bits")
	flag.Parse()
	if flag.NArg() != 1 {
		flag.Usage()
		os.Exit(2)
	}
	c := &checker{base: strings.TrimSuffix(flag.Arg(0), "/"), random: rand.New(rand.NewSource(*seed))}
	c.cache = map[string][]byte{}
	if err := c.run(*key, *positions, *sizes); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	json.NewEncoder(os.Stdout).Encode(c.done)
}

func (c *checker) run(key string, positions, sizes int) error {
	if err := c.checkpoint(key); err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	if c.tree.N == 0 {
		return nil
	}
	hashes, err := c.bundles()
	if err != nil {
		return fmt.Errorf("entry bundles: %w", err)
	}
	for i := range positions {
		n := c.random.Int63n(c.tree.N)
		if i == 0 {
			n = 0
		} else if i == 1 {
			n = c.tree.N - 1
		}
		if err := c.inclusion(n, hashes[n]); err != nil {
			return fmt.Errorf("inclusion of %d: %w", n, err)
		}
	}
	for i := range sizes {
		n := 1 + c.random.Int63n(c.tree.N)
		if i == 0 {
			n = c.tree.N
		}
		if err := c.consistency(n); err != nil {
			return fmt.Errorf("consistency with size %d: %w", n, err)
		}
	}
	return c.spoiledTiles()
}

// checkpoint opens the note, and sees it refused with any one bit of its text or of its signature flipped.
func (c *checker) checkpoint(key string) error {
	if key == "" {
		keys, err := c.read("key")
		if err != nil {
			return err
		}
		key, _, _ = strings.Cut(string(keys), "\n")
	}
	verifier, err := note.NewVerifier(key)
	if err != nil {
		return err
	}
	c.verifier = verifier
	message, err := c.read("checkpoint")
	if err != nil {
		return err
	}
	opened, err := note.Open(message, note.VerifierList(verifier))
	if err != nil {
		return err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 {
		return errors.New("fewer than three lines")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return err
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil {
		return err
	}
	if lines[0] != verifier.Name() {
		return fmt.Errorf("origin %q under the key of %q", lines[0], verifier.Name())
	}
	c.tree = tlog.Tree{N: size, Hash: root}
	c.done.Origin, c.done.Size, c.done.Root = lines[0], size, root.String()

	signature, err := base64.StdEncoding.DecodeString(opened.Sigs[0].Base64)
	if err != nil {
		return err
	}
	for bit := range len(opened.Text) * 8 {
		text := flipped([]byte(opened.Text), bit)
		if verifier.Verify(text, signature[4:]) {
			return fmt.Errorf("accepted with bit %d of its text flipped", bit)
		}
		c.done.Rejected++
	}
	for bit := range (len(signature) - 4) * 8 {
		if verifier.Verify([]byte(opened.Text), flipped(signature[4:], bit)) {
			return fmt.Errorf("accepted with bit %d of its signature flipped", bit)
		}
		c.done.Rejected++
	}
	return nil
}

// bundles reads every entry and compares its hash with the authenticated tiles.
func (c *checker) bundles() ([]tlog.Hash, error) {
	all := make([]tlog.Hash, 0, c.tree.N)
	for first := int64(0); first < c.tree.N; first += 1 << height {
		width := min(1<<height, c.tree.N-first)
		path := c.path(tlog.Tile{H: height, L: -1, N: first >> height, W: int(width)})
		data, full, err := c.readTile(tlog.Tile{H: height, L: -1, N: first >> height, W: int(width)})
		if err != nil {
			return nil, err
		}
		var indexes []int64
		for i := range width {
			if len(data) < 2 || len(data) < 2+int(binary.BigEndian.Uint16(data)) {
				return nil, fmt.Errorf("%s ends within entry %d", path, first+i)
			}
			length := int(binary.BigEndian.Uint16(data))
			all = append(all, tlog.RecordHash(data[2:2+length]))
			// One flipped bit in the entry gives another hash.
			spoiled := flipped(data[2:2+length], c.random.Intn(length*8))
			if tlog.RecordHash(spoiled) == all[len(all)-1] {
				return nil, errors.New("two entries with one hash")
			}
			data = data[2+length:]
			indexes = append(indexes, tlog.StoredHashIndex(0, first+i))
		}
		if len(data) > 0 && !full {
			return nil, fmt.Errorf("%s has %d bytes too many", path, len(data))
		}
		stored, err := c.reader().ReadHashes(indexes)
		if err != nil {
			return nil, err
		}
		for i := range width {
			if stored[i] != all[first+i] {
				return nil, fmt.Errorf("%s: entry %d does not match its hash", path, first+i)
			}
		}
		c.done.Bundles++
	}
	return all, nil
}

func (c *checker) inclusion(n int64, leaf tlog.Hash) error {
	proof, err := tlog.ProveRecord(c.tree.N, n, c.reader())
	if err != nil {
		return err
	}
	if err := tlog.CheckRecord(proof, c.tree.N, c.tree.Hash, n, leaf); err != nil {
		return err
	}
	c.done.Inclusion++
	for part := range len(proof) + 2 {
		spoiled, root, hash := append(tlog.RecordProof{}, proof...), c.tree.Hash, leaf
		switch part {
		case len(proof):
			c.flip(&root)
		case len(proof) + 1:
			c.flip(&hash)
		default:
			c.flip(&spoiled[part])
		}
		if tlog.CheckRecord(spoiled, c.tree.N, root, n, hash) == nil {
			return fmt.Errorf("accepted with a bit flipped in part %d", part)
		}
		c.done.Rejected++
	}
	return nil
}

func (c *checker) consistency(n int64) error {
	old, err := tlog.TreeHash(n, c.reader())
	if err != nil {
		return err
	}
	proof, err := tlog.ProveTree(c.tree.N, n, c.reader())
	if err != nil {
		return err
	}
	if err := tlog.CheckTree(proof, c.tree.N, c.tree.Hash, n, old); err != nil {
		return err
	}
	c.done.Consistency++
	for part := range len(proof) + 2 {
		spoiled, root, hash := append(tlog.TreeProof{}, proof...), c.tree.Hash, old
		switch part {
		case len(proof):
			c.flip(&root)
		case len(proof) + 1:
			c.flip(&hash)
		default:
			c.flip(&spoiled[part])
		}
		if tlog.CheckTree(spoiled, c.tree.N, root, n, hash) == nil {
			return fmt.Errorf("accepted with a bit flipped in part %d", part)
		}
		c.done.Rejected++
	}
	return nil
}

// spoiledTiles sees every tile that was read refused with one bit flipped.
func (c *checker) spoiledTiles() error {
	for level := 0; c.tree.N>>(level*height) > 0; level++ {
		count := c.tree.N >> (level * height)
		for first := int64(0); first < count; first += 1 << height {
			width := int(min(1<<height, count-first))
			c.spoil = c.path(tlog.Tile{H: height, L: level, N: first >> height, W: width})
			_, err := c.reader().ReadHashes([]int64{tlog.StoredHashIndex(level*height, first)})
			if err == nil {
				return fmt.Errorf("%s accepted with a bit flipped", c.spoil)
			}
			c.done.Rejected++
		}
	}
	c.spoil = ""
	return nil
}

func (c *checker) reader() tlog.HashReader { return tlog.TileHashReader(c.tree, c) }

// Height, ReadTiles and SaveTiles make a tlog.TileReader.
func (c *checker) Height() int { return height }

func (c *checker) SaveTiles([]tlog.Tile, [][]byte) {}

func (c *checker) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		data, _, err := c.readTile(tile)
		if err != nil {
			return nil, err
		}
		if len(data) > tile.W*tlog.HashSize {
			data = data[:tile.W*tlog.HashSize]
		}
		if c.path(tile) == c.spoil {
			data = flipped(data, c.random.Intn(len(data)*8))
		}
		all = append(all, data)
	}
	return all, nil
}

// readTile reads a partial tile or bundle, or the full one that took its place, and says which.
func (c *checker) readTile(tile tlog.Tile) ([]byte, bool, error) {
	data, err := c.read(c.path(tile))
	if !errors.Is(err, errMissing) || tile.W == 1<<height {
		return data, false, err
	}
	tile.W = 1 << height
	data, err = c.read(c.path(tile))
	return data, true, err
}

// path is that of C2SP tlog-tiles, which has no height in it.
func (c *checker) path(tile tlog.Tile) string {
	path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
	return strings.Replace(path, "tile/data/", "tile/entries/", 1)
}

func (c *checker) read(path string) ([]byte, error) {
	if data, ok := c.cache[path]; ok {
		return data, nil
	}
	data, err := c.fetch(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if path != "checkpoint" {
		c.cache[path] = data
	}
	return data, nil
}

func (c *checker) fetch(path string) ([]byte, error) {
	if !strings.HasPrefix(c.base, "http") {
		data, err := os.ReadFile(filepath.Join(c.base, filepath.FromSlash(path)))
		if errors.Is(err, os.ErrNotExist) {
			return nil, errMissing
		}
		return data, err
	}
	client := http.Client{Timeout: 30 * time.Second}
	answer, err := client.Get(c.base + "/" + path)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode == http.StatusNotFound {
		return nil, errMissing
	}
	if answer.StatusCode != http.StatusOK {
		return nil, errors.New(answer.Status)
	}
	return io.ReadAll(answer.Body)
}

func (c *checker) flip(hash *tlog.Hash) {
	bit := c.random.Intn(tlog.HashSize * 8)
	hash[bit/8] ^= 1 << (bit % 8)
}

func flipped(data []byte, bit int) []byte {
	changed := append([]byte{}, data...)
	changed[bit/8] ^= 1 << (bit % 8)
	return changed
}
